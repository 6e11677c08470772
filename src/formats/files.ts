/** Tensors to and from the notebook's folder. */
import { ArgumentError } from "../base/errors";
import { getHost } from "../base/host";
import { fromElements } from "../tensor/creation";
import { Operand, type Tensor } from "../tensor/tensor";
import { convertToDType } from "./convertToDType";
import type { FileContents, FileFormat } from "./fileFormat";
import { toFileTensor } from "./fileTensors";
import { findFormat } from "./findFormat";
import * as formats from "./index";
import { listName, structureOf } from "./listNames";

/** What `save` takes: one tensor, a list or a dictionary of tensors. A Parameter stands for its value. */
export type Saveable =
  | Operand
  | readonly Operand[]
  | ReadonlyMap<string, Operand>
  | { readonly [name: string]: Operand };

/** What `load` gives. The dictionary has no prototype, so that any name may be in it. */
export type Loaded = Tensor | Tensor[] | { [name: string]: Tensor };

export interface LoadOptions {
  /** Where the tensors are made; by default the default device. */
  device?: string;
  /** Told what was converted, a sentence for each such tensor; by default the console's warning. */
  onNote?: (sentence: string) => void;
}

/**
 * Writes tensors into the notebook's folder, in the format that the path's ending
 * names. `.npy` holds one tensor; `.npz` and `.safetensors` hold a dictionary by its
 * names, or a list as `arr_0`, `arr_1`, ... dtypes stay as they are.
 *
 * @throws ArgumentError for an ending that is not written, or for a value that the format cannot hold.
 */
export async function save(path: string, value: Saveable): Promise<void> {
  const at = `save(${JSON.stringify(path)})`;
  const format = formatOf(path, at);
  if (!format.write)
    throw new ArgumentError({
      at,
      expected: "a format that is written",
      got: format.kind,
      remedy: "Use .npy, .npz or .safetensors.",
    });
  const named = namedTensors(value, format, at);
  const entries = named.map(async ([name, tensor]) => [name, await toFileTensor(tensor)] as const);
  await getHost().writeFile(path, format.write(new Map(await Promise.all(entries))));
}

/**
 * Reads tensors from the notebook's folder: a Tensor from a file of one, an array
 * from a file of a list (one whose names are exactly `arr_0`, `arr_1`, ...), else a
 * dictionary. Say which it is in TypeScript: `load<Tensor[]>("xy-files.npz")`.
 *
 * float32, int32 and bool stay as they are; other dtypes are converted (float16 and
 * float64 to float32, other integers to int32), with a note.
 *
 * @throws FormatError for a file that breaks its format's rules, DTypeError for values that no device holds.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- what is in a file is known to who loads it, and a cell names no types
export async function load<Contents extends Loaded = any>(path: string, options: LoadOptions = {}): Promise<Contents> {
  const format = formatOf(path, `load(${JSON.stringify(path)})`);
  const contents = await format.read(await getHost().readFile(path));
  const made = makeTensors(path, contents.tensors, options);
  return structured(made, structureOf(contents)) as Contents;
}

function formatOf(path: string, at: string): FileFormat {
  const format = findFormat(path);
  if (format) return format;
  const endings = Object.values(formats).flatMap(({ extensions }) => extensions);
  throw new ArgumentError({
    at,
    expected: `a path that ends in one of ${endings.join(" ")}`,
    got: JSON.stringify(path),
  });
}

function namedTensors(value: unknown, { holds, extensions }: FileFormat, at: string): [string, Operand][] {
  const entries = value instanceof Operand ? undefined : entriesOf(value);
  if (holds === "one tensor") {
    if (value instanceof Operand) return [["data", value]];
    const remedy = entries && "A list or a dictionary goes into a file that ends in .npz or .safetensors.";
    throw new ArgumentError({ at, expected: "one Tensor", got: describe(value), remedy });
  }
  if (!entries) {
    const remedy = value instanceof Operand ? "Use .npy, or put it in a list: [x]." : undefined;
    const expected = `a list or a dictionary of tensors for ${extensions[0]}`;
    throw new ArgumentError({ at, expected, got: describe(value), remedy });
  }
  for (const [name, item] of entries) {
    if (typeof name === "string" && item instanceof Operand) continue;
    throw new ArgumentError({
      at,
      expected: "nothing but tensors, with texts as names",
      got: `${describe(item)} as ${JSON.stringify(name)}`,
    });
  }
  return entries as [string, Operand][];
}

/** The items of a list, a Map or a plain object by name; undefined for anything else. */
function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (Array.isArray(value)) return value.map((item, index) => [listName(index), item]);
  if (value instanceof Map) return [...value];
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? Object.entries(value) : undefined;
}

function describe(value: unknown): string {
  if (value instanceof Operand) return "a Tensor";
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object" || value === null) return String(value).slice(0, 40);
  return entriesOf(value) ? "a dictionary" : value.constructor.name;
}

/** All are converted before the first is made, so that a refusal leaves nothing behind. */
function makeTensors(path: string, tensors: FileContents["tensors"], options: LoadOptions): Map<string, Tensor> {
  const { device, onNote = (sentence: string) => console.warn(sentence) } = options;
  const converted = [...tensors].map(([name, tensor]) => {
    const at = tensors.size > 1 ? `${path}, ${JSON.stringify(name)}` : path;
    const { data, dtype, note } = convertToDType(tensor, at);
    if (note) onNote(`${at}: ${note}.`);
    return { name, data, dtype, shape: tensor.shape };
  });
  return new Map(converted.map(({ name, data, dtype, shape }) => [name, fromElements(data, shape, { dtype, device })]));
}

function structured(tensors: ReadonlyMap<string, Tensor>, structure: ReturnType<typeof structureOf>): Loaded {
  const [first] = tensors.values();
  if (structure === "tensor" && first) return first;
  if (structure === "list") return Array.from({ length: tensors.size }, (_, index) => tensors.get(listName(index))!);
  return Object.assign(Object.create(null) as { [name: string]: Tensor }, Object.fromEntries(tensors));
}
