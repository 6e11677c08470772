/**
 * The names that a pickle may use. In Python they are functions that unpickling calls; here they only build records.
 */
import { PickledArray, PickledDType, PickleName, type PickleValue } from "./pickleValue";

function isTupleOfLengths(value: PickleValue | undefined): value is bigint[] {
  return Array.isArray(value) && value.every((length) => typeof length === "bigint" && length >= 0n);
}

function makeArray(
  shape: PickleValue | undefined,
  dtype: PickleValue | undefined,
  fortranOrder: boolean,
  data: PickleValue | undefined,
  array = new PickledArray(),
): PickledArray | undefined {
  if (!isTupleOfLengths(shape) || !(dtype instanceof PickledDType)) return undefined;
  const objects = dtype.code.startsWith("O");
  if (objects ? !Array.isArray(data) : !(data instanceof Uint8Array)) return undefined;
  return Object.assign(array, { shape: shape.map(Number), dtype, fortranOrder, data });
}

const ndarray = new PickleName("numpy.ndarray");

/** Arguments `(numpy.ndarray, (0,), b"b")`. Returns an array whose contents its state will set. */
function reconstruct([type]: readonly PickleValue[]): PickleValue | undefined {
  return type === ndarray ? new PickledArray() : undefined;
}

/** Arguments `(dtype, bytes)`. Returns a NumPy scalar. */
function scalar([dtype, data]: readonly PickleValue[]): PickleValue | undefined {
  return data instanceof Uint8Array ? makeArray([], dtype, false, data) : undefined;
}

/** Arguments `(bytes, dtype, shape, "C" or "F")` in protocol 5. */
function fromBuffer([data, dtype, shape, order]: readonly PickleValue[]): PickleValue | undefined {
  return data instanceof Uint8Array ? makeArray(shape, dtype, order === "F", data) : undefined;
}

/** Arguments `("f4", False, True)`. */
function makeDType([code]: readonly PickleValue[]): PickleValue | undefined {
  return typeof code === "string" ? new PickledDType(code) : undefined;
}

/** Arguments `(text, "latin1")`. Protocol 2 has no bytes and encodes each as a character. */
function encode([text, encoding]: readonly PickleValue[]): PickleValue | undefined {
  if (typeof text !== "string" || encoding !== "latin1" || !/^[\0-\u00ff]*$/.test(text)) return undefined;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const known: readonly PickleName[] = [
  ndarray,
  new PickleName("numpy.dtype", makeDType),
  // NumPy 2 moved `core` to `_core`.
  ...["numpy.core", "numpy._core"].flatMap((core) => [
    new PickleName(`${core}.multiarray._reconstruct`, reconstruct),
    new PickleName(`${core}.multiarray.scalar`, scalar),
    new PickleName(`${core}.numeric._frombuffer`, fromBuffer),
  ]),
  new PickleName("_codecs.encode", encode),
  new PickleName("collections.OrderedDict", (args) => (args.length === 0 ? new Map() : undefined)),
  // TensorFlow's eager tensors are pickled as a NumPy array and this function.
  new PickleName("tensorflow.python.framework.ops.convert_to_tensor", ([array, ...others]) =>
    array instanceof PickledArray && others.length === 0 ? array : undefined,
  ),
];

const byName: ReadonlyMap<string, PickleName> = new Map(known.map((entry) => [entry.name, entry]));

/** Returns the allowed name, or undefined for any other. */
export function findPickleName(module: string, name: string): PickleName | undefined {
  return byName.get(`${module}.${name}`);
}

/** Sets the state of a dtype or an array. Returns false for a state that NumPy does not write. */
export function setPickleState(target: PickleValue | undefined, state: PickleValue | undefined): boolean {
  if (!Array.isArray(state)) return false;
  if (target instanceof PickledArray) {
    const [, shape, dtype, fortranOrder, data] = state;
    return typeof fortranOrder === "boolean" && makeArray(shape, dtype, fortranOrder, data, target) !== undefined;
  }
  if (!(target instanceof PickledDType)) return false;
  // (version, order, subarray, names, fields, size, alignment, flags)
  const [, order, ...structure] = state;
  if (typeof order !== "string" || structure.slice(0, 3).some((part) => part !== null)) return false;
  target.order = order;
  return true;
}
