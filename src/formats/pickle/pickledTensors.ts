import { FormatError } from "../../base/errors";
import { sameShape, sizeOf } from "../../base/shape";
import { checkExpansion, maxEntries } from "../expansion";
import type { FileContents, FileTensor } from "../fileFormat";
import { listName } from "../listNames";
import type { NpyHeader } from "../numpy/npyHeader";
import { tensorOfNumpy } from "../numpy/numpyArray";
import { readPickle } from "./pickleReader";
import { PickledArray, type PickleValue } from "./pickleValue";

/**
 * Reads the tensors in a `.npy` file of Python objects, which `np.save` writes for a list of arrays, a dictionary of
 * arrays or an array of Python numbers.
 *
 * @param header of the file, which the pickle follows
 * @throws FormatError E_OBJECT, E_BOMB, and the codes of arrays.
 */
export function readPickledTensors(file: Uint8Array, header: NpyHeader): FileContents {
  return new TensorsOfPickle(file, header.dataStart).read(header);
}

class TensorsOfPickle {
  constructor(
    private readonly file: Uint8Array,
    private readonly start: number,
  ) {}

  read({ shape }: NpyHeader): FileContents {
    const root = readPickle(this.file, this.start);
    if (!(root instanceof PickledArray)) return this.refuse("no array");
    if (!sameShape(root.shape, shape)) return this.refuse("an array whose shape is not that of the header");
    // An array of rank 0 contains one object: the dictionary or the list.
    const value = root.shape.length === 0 && isObjects(root) ? root.data[0]! : root;
    if (value instanceof Map) return this.collect("dictionary", [...value] as [string, PickleValue][]);
    if (Array.isArray(value)) return this.list(value);
    return value instanceof PickledArray ? this.array(value) : this.collect("tensor", [["data", value]]);
  }

  private list(items: readonly PickleValue[]): FileContents {
    return this.collect(
      "list",
      items.map((item, index) => [listName(index), item]),
    );
  }

  private array(array: PickledArray): FileContents {
    if (!isObjects(array)) return this.collect("tensor", [["data", array]]);
    const { data, shape } = array;
    if (data.length > 0 && data.every(isNumber))
      return { tensors: new Map([["data", this.numbers(array)]]), metadata: new Map(), structure: "tensor" };
    return shape.length === 1 && shape[0] === data.length
      ? this.list(data)
      : this.refuse("objects in rows and columns");
  }

  /** Converts Python numbers in an array of objects: to integers if all of them are. */
  private numbers({ data, shape }: ObjectArray): FileTensor {
    if (sizeOf(shape) !== data.length) return this.refuse(`${data.length} objects for another shape`);
    if (data.every((value) => typeof value === "bigint"))
      return { dtype: "I64", shape, data: BigInt64Array.from(data, (value) => this.int64(value)) };
    return { dtype: "F64", shape, data: Float64Array.from(data, Number) };
  }

  private int64(value: bigint): bigint {
    return BigInt.asIntN(64, value) === value ? value : this.refuse("a whole number beyond 64 bits");
  }

  private collect(structure: FileContents["structure"], entries: readonly [string, PickleValue][]): FileContents {
    // A memo entry costs two bytes, so one array may be repeated many times.
    if (entries.length > maxEntries) this.refuse(`${entries.length} values; at most ${maxEntries} are read`);
    const bytes = entries.reduce((sum, [, value]) => sum + (value instanceof PickledArray ? value.data.length : 8), 0);
    checkExpansion(bytes, this.file.length, this.start);
    const tensors = new Map(entries.map(([name, value]) => [name, this.tensor(name, value)]));
    return { tensors, metadata: new Map(), structure };
  }

  private tensor(name: string, value: PickleValue): FileTensor {
    if (isNumber(value)) return this.numbers(Object.assign(new PickledArray(), { data: [value] }));
    if (value === true || value === false) return { dtype: "BOOL", shape: [], data: Uint8Array.of(Number(value)) };
    if (!(value instanceof PickledArray) || !(value.data instanceof Uint8Array) || !value.dtype)
      return this.refuse(`something other than an array in ${JSON.stringify(name)}`);
    const { shape, data: bytes, dtype, fortranOrder } = value;
    // The bytes of an array are a part of the file, except in protocol 2.
    const inFile = bytes.buffer === this.file.buffer;
    const dataOffset = inFile ? bytes.byteOffset - this.file.byteOffset : this.start;
    const [descrOffset, shapeOffset] = [dataOffset, dataOffset];
    const descr = dtype.order + dtype.code;
    return tensorOfNumpy({ descr, shape, fortranOrder, bytes, dataOffset, descrOffset, shapeOffset });
  }

  private refuse(what: string): never {
    throw new FormatError(
      "E_OBJECT",
      this.start,
      `The pickle in the file contains ${what}. Only lists and dictionaries of NumPy arrays are read. ` +
        "Save with np.savez or safetensors.",
    );
  }
}

type ObjectArray = PickledArray & { data: PickleValue[] };

function isObjects(array: PickledArray): array is ObjectArray {
  return Array.isArray(array.data);
}

function isNumber(value: PickleValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
