import type { DataArray, DType } from "../../base/dtype";
import { DTypeError } from "../../base/errors";
import type { FileTensor } from "../fileFormat";
import { smallFloats } from "./smallFloats";

/** A tensor of a file, converted to a dtype of devices. */
export interface Converted {
  data: DataArray;
  dtype: DType;
  /** Remark for the user: values that were rounded, overflowed or are not finite. */
  note?: string;
}

type Bits = Uint8Array | Uint16Array;

const integers = new Set(["I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"]);

/**
 * Converts a tensor of a file to a dtype of devices: floats to float32 (rounded to nearest), integers to int32, BOOL to
 * bool. An array that already has the right type is not copied, so it may be a view of the file.
 *
 * @param at the tensor's name, for errors
 * @throws DTypeError for an integer outside the range of int32, and for F4, F6, C64 and the rarer F8 formats.
 */
export function convertToDType(tensor: FileTensor, at = "The file"): Converted {
  const { dtype, data } = tensor;
  const small = smallFloats.get(dtype);
  if (small) {
    const values = Float32Array.from(data as Bits, small);
    return floats(values, `${dtype} was widened to float32`);
  }
  if (dtype === "F32") return floats(data as Float32Array);
  if (dtype === "F64") return narrow(data as Float64Array);
  if (dtype === "BOOL") return { data: data as Uint8Array, dtype: "bool" };
  if (dtype === "I32") return { data: data as Int32Array, dtype: "int32" };
  if (integers.has(dtype)) return toInt32(tensor, at);
  throw new DTypeError({
    at,
    expected: "a dtype that devices support",
    got: dtype,
    remedy: "Convert it to F32 in the program that wrote the file.",
  });
}

function floats(data: Float32Array, note?: string): Converted {
  const notes = [note, describeNonFinite(data)].filter(Boolean);
  return { data, dtype: "float32", ...(notes.length > 0 && { note: notes.join("; ") }) };
}

function narrow(data: Float64Array): Converted {
  const values = Float32Array.from(data);
  const overflown = values.reduce(
    (count, value, i) => count + Number(!Number.isFinite(value) && Number.isFinite(data[i])),
    0,
  );
  const lost = overflown > 0 ? `, ${overflown} beyond its range became infinite` : "";
  return floats(values, `F64 was rounded to float32${lost}`);
}

/** Returns, for example, "contains 2 NaN and 1 infinite values", or undefined if all values are finite. */
function describeNonFinite(data: Float32Array): string | undefined {
  let nan = 0;
  let infinite = 0;
  for (const value of data) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
  }
  return nan + infinite > 0 ? `contains ${nan} NaN and ${infinite} infinite values` : undefined;
}

function toInt32({ dtype, data }: FileTensor, at: string): Converted {
  const values = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    values[i] = value;
    if (values[i] === value) continue;
    throw new DTypeError({
      at,
      expected: "integers from -2147483648 to 2147483647",
      got: `${data[i]} at index ${i} (${dtype})`,
      remedy: "Convert it to F32 or to smaller integers in the program that wrote the file.",
    });
  }
  return { data: values, dtype: "int32", note: `${dtype} was converted to int32` };
}
