/** Converts a block's weights to and from the tensors of a file. A report precedes any change. */
import { WeightsError } from "../base/errors";
import { formatShape, type Shape, sameShape } from "../base/shape";
import type { Block } from "../nn/block/block";
import type { DeferredRequest } from "../nn/block/deferredRequest";
import { walkWeights } from "../nn/block/tree";
import { fromElements } from "../tensor/creation";
import { outsideScopes } from "../tensor/scope";
import type { Tensor } from "../tensor/tensor";
import type { FileTensor } from "./fileFormat";
import { convertToDType } from "./values/convertToDType";
import { toFileTensor } from "./values/fileTensors";

export type FileTensors = ReadonlyMap<string, FileTensor>;

/** Row of a report on a weight file: a name in the file and a path in the model. */
export interface WeightRow {
  /** Name in the file; null if the file has none for `path`. */
  file: string | null;
  /** Path in the model; null if the model has none for `file`. */
  path: string | null;
  /** Shape in the file; null if the file has no such name. */
  fileShape: Shape | null;
  /** Shape in the model; null if the model has no such path or is not built. */
  shape: Shape | null;
  /**
   * Result of the comparison. `"missing"`: not in the file. `"unexpected"`: not in the model. `"shape"` and `"dtype"`:
   * these differ. `"waiting"`: the block is not built yet; the row is checked when it is built.
   */
  status: "match" | "missing" | "unexpected" | "shape" | "dtype" | "waiting";
}

/** Reads all weights of a built block by path, for a file. A shared weight is stored once, under its first path. */
export async function weightsToFile(block: Block): Promise<Map<string, FileTensor>> {
  const values = await block.getWeights();
  const entries = walkWeights(block).map(async ({ path }, index): Promise<[string, FileTensor]> => {
    return [path, await toFileTensor(values[index]!)];
  });
  const result = new Map(await Promise.all(entries));
  for (const value of values) value.dispose();
  return result;
}

function rowOf(path: string, shape: Shape, tensors: FileTensors, aliases: readonly string[]): WeightRow {
  const file = [path, ...aliases].find((name) => tensors.has(name));
  if (file === undefined) return { file: null, path, fileShape: null, shape, status: "missing" };
  const tensor = tensors.get(file)!;
  const status = sameShape(tensor.shape, shape) ? "match" : "shape";
  return { file, path, fileShape: tensor.shape, shape, status };
}

/** Compares a file with a block without changing anything. An unbuilt block returns `waiting` for every name. */
export function compareWeights(block: Block, tensors: FileTensors): WeightRow[] {
  const weights = walkWeights(block);
  if (!block.built) {
    return [...tensors].map(([file, tensor]) => ({
      file,
      path: null,
      fileShape: tensor.shape,
      shape: null,
      status: "waiting",
    }));
  }
  const rows = weights.map(({ path, parameter, aliases }) => {
    const row = rowOf(path, parameter.shape, tensors, aliases);
    if (row.status === "match" && convertToDType(tensors.get(row.file!)!, row.file!).dtype !== parameter.dtype)
      row.status = "dtype";
    return row;
  });
  const used = new Set(rows.flatMap(({ path }, index) => [path, ...weights[index]!.aliases]));
  const unexpected = [...tensors].filter(([file]) => !used.has(file));
  return [
    ...rows,
    ...unexpected.map(([file, { shape }]): WeightRow => ({
      file,
      path: null,
      fileShape: shape,
      shape: null,
      status: "unexpected",
    })),
  ];
}

function describeRow({ file, path, fileShape, shape, status }: WeightRow): string {
  if (status === "missing") return `"${path}" is not in the file`;
  if (status === "unexpected") return `"${file}" has no place in the model`;
  if (status === "dtype") return `"${path}" has a different dtype in the file`;
  return `"${path}" is ${formatShape(shape!)}, in the file ${formatShape(fileShape!)}`;
}

/**
 * Checks that every row matches.
 * @throws WeightsError if not.
 */
function requireMatch(at: string, rows: readonly WeightRow[]): void {
  const wrong = rows.filter(({ status }) => status !== "match");
  if (wrong.length === 0) return;
  throw new WeightsError({
    at,
    expected: `all ${rows.length} rows to match`,
    got: `${wrong.length} that do not: ${wrong.slice(0, 5).map(describeRow).join("; ")}${wrong.length > 5 ? "; ..." : ""}`,
    remedy: "Load it into a model of the same layers. Nothing was changed.",
  });
}

function tensorOf(name: string, tensor: FileTensor, device?: string): Tensor {
  const { data, dtype } = convertToDType(tensor, name);
  return outsideScopes(() => fromElements(data, tensor.shape, { dtype, device }));
}

/**
 * Assigns all weights of a block from the tensors of a file, strictly: nothing changes unless every name, shape and
 * dtype matches. For an unbuilt block, the tensors wait for the first call and are checked then; the rows have status
 * `waiting`.
 * @throws WeightsError that lists what does not match.
 */
export function loadWeightsFrom(block: Block, tensors: FileTensors): WeightRow[] {
  const rows = compareWeights(block, tensors);
  if (!block.built) {
    block.pending.push(describeDeferred(block, tensors));
    return rows;
  }
  requireMatch(`${block.label}.loadWeights()`, rows);
  for (const { path, parameter } of walkWeights(block)) {
    const { file } = rows.find((row) => row.path === path)!;
    const value = tensorOf(file!, tensors.get(file!)!, parameter.device);
    parameter.assign(value);
    value.dispose();
  }
  return rows;
}

function describeDeferred(block: Block, tensors: FileTensors): DeferredRequest {
  return {
    sourceOf(path, { shape }) {
      const tensor = tensors.get(path);
      if (!tensor || !sameShape(tensor.shape, shape)) return undefined;
      return { value: tensorOf(path, tensor) };
    },
    finish: () => requireMatch(`${block.label}.loadWeights()`, compareWeights(block, tensors)),
  };
}
