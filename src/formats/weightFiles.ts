/** Adds `saveWeights` and `loadWeights` to blocks. They are declared here because blocks do not import file formats. */
import { FormatError } from "../base/errors";
import { getHost } from "../base/host";
import { Block } from "../nn/block/block";
import type { FileFormat } from "./fileFormat";
import { findFormat, recognizeFormat } from "./findFormat";
import { safetensors } from "./safetensors";
import { type FileTensors, loadWeightsFrom, type WeightRow, weightsToFile } from "./weights";

declare module "../nn/block/block" {
  interface Block {
    /**
     * Saves all parameters and states of the block by path as a file in the notebook's folder.
     *
     * The format is safetensors unless the extension names another one: `.npz`. A shared weight is stored once, under
     * its first path.
     *
     * @throws UnbuiltError if the block has not been called yet.
     * @throws FormatError for a format that is only read, and ArgumentError for one that cannot store several tensors.
     * @see loadWeights
     * @example
     * const net = dense(1);
     * net.call(tensor([[1, 2]]));
     * await net.saveWeights("line.safetensors");
     * const rows = await dense(1).loadWeights("line.safetensors");
     * rows.map(({ file, status }) => `${file}: ${status}`); // => ["bias: waiting", "kernel: waiting"]
     */
    saveWeights(path: string): Promise<void>;
    /**
     * Loads the parameters and states of the block from a file in the notebook's folder: every name, shape and dtype
     * must match, otherwise nothing changes.
     *
     * On a block that is not built, the weights wait for the first call and are checked then. The format is safetensors
     * unless the extension names another one.
     *
     * @returns a row per name with `file`, `path`, `fileShape`, `shape` and `status`, which is `"match"`, or
     * `"waiting"` if the block is not built
     * @throws WeightsError that lists what does not match.
     * @throws FormatError for a file that violates its format.
     * @see saveWeights
     * @example
     * const [net, copy] = [dense(1), dense(1)];
     * net.call(tensor([[1, 2]]));
     * copy.call(tensor([[1, 2]]));
     * await net.saveWeights("line.safetensors");
     * (await copy.loadWeights("line.safetensors")).map(({ status }) => status); // => ["match", "match"]
     * copy.kernel.sub(net.kernel).array(); // => [[0], [0]]
     */
    loadWeights(path: string): Promise<WeightRow[]>;
  }
}

/** Reads a weight file without a path: safetensors unless its first bytes identify another format. */
export async function readWeightFile(bytes: Uint8Array): Promise<FileTensors> {
  const { tensors } = await (recognizeFormat(bytes) ?? safetensors).read(bytes);
  return tensors;
}

function weightFormatOf(path: string): FileFormat {
  return findFormat(path) ?? safetensors;
}

Block.prototype.saveWeights = async function saveWeights(this: Block, path: string): Promise<void> {
  const format = weightFormatOf(path);
  if (!format.write)
    throw new FormatError(
      "E_FORMAT",
      0,
      `${path}: Weightroom reads this format but does not write it. Use .safetensors.`,
    );
  await getHost().writeFile(path, format.write(await weightsToFile(this)));
};

Block.prototype.loadWeights = async function loadWeights(this: Block, path: string): Promise<WeightRow[]> {
  const bytes = await getHost().readFile(path);
  const { tensors } = await weightFormatOf(path).read(bytes);
  return loadWeightsFrom(this, tensors);
};
