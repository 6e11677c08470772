/** Weight files; gives blocks `saveWeights` and `loadWeights`: here, because blocks know no formats. */
import { FormatError } from "../base/errors";
import { getHost } from "../base/host";
import { Block } from "../nn/block";
import type { FileFormat } from "./fileFormat";
import { findFormat, recognizeFormat } from "./findFormat";
import { safetensors } from "./safetensors";
import { type FileTensors, loadWeightsFrom, type WeightRow, weightsToFile } from "./weights";

declare module "../nn/block" {
  interface Block {
    /**
     * Writes all weights into the notebook's folder, by path; safetensors unless
     * the ending names another format. @throws UnbuiltError before the first call.
     */
    saveWeights(path: string): Promise<void>;
    /**
     * Loads weights from the notebook's folder, strictly. Resolves to a row for each
     * name; before the first call they say `waiting`, and are checked and used then.
     * @throws WeightsError listing what does not match; nothing is changed then.
     */
    loadWeights(path: string): Promise<WeightRow[]>;
  }
}

/** The tensors of a weight file that came without a path: safetensors unless its first bytes say otherwise. */
export async function readWeightFile(bytes: Uint8Array): Promise<FileTensors> {
  const { tensors } = await (recognizeFormat(bytes) ?? safetensors).read(bytes);
  return tensors;
}

function formatOf(path: string): FileFormat {
  return findFormat(path) ?? safetensors;
}

Block.prototype.saveWeights = async function saveWeights(this: Block, path: string): Promise<void> {
  const format = formatOf(path);
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
  const { tensors } = await formatOf(path).read(bytes);
  return loadWeightsFrom(this, tensors);
};
