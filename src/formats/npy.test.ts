import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../base/errors";
import { sizeOf } from "../base/shape";
import { hasNumpy, ifNoNumpy, runNumpy } from "../testing/numpy";
import type { FileArray, FileContents, FileTensor } from "./fileFormat";
import { npy, readNpy, readNpyFile, writeNpy } from "./npy";
import { numpyDTypes } from "./numpy/numpyArray";
import { convertToDType } from "./values/convertToDType";
import { fileDTypes } from "./values/fileDTypes";

type Bytes = Uint8Array | string | number[];

function bytesOf(part: Bytes): Uint8Array {
  return typeof part === "string" ? Buffer.from(part, "latin1") : Uint8Array.from(part);
}

function join(...parts: Bytes[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(bytesOf)));
}

/** Returns magic bytes, version and the length of `header`, or a wrong length. */
function preamble(version: number, length: number): Uint8Array {
  const bytes = join("\u0093NUMPY", [version, 0], new Array<number>(version === 1 ? 2 : 4).fill(0));
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  return bytes;
}

/** Returns a file with this header, line feed included, and these data. */
function file(header: string, data: Bytes = new Uint8Array(16), version = 1): Uint8Array {
  return join(preamble(version, header.length), header, data);
}

/** Returns a file whose header has these Python texts as values. */
function fields(shape: string, texts: { descr?: string; order?: string; data?: Bytes } = {}): Uint8Array {
  const { descr = "'<f4'", order = "False" } = texts;
  return file(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`, texts.data);
}

const floats = new Float32Array([1, 2, 3, 4]);
const data = new Uint8Array(floats.buffer);
const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }";
const basic = file(`${header}\n`, data);
const osSystem = "\u0080\u0003cos\nsystem\nX\u0002\0\0\0id\u0085R.";

function refusal(bytes: Uint8Array): FormatError {
  try {
    readNpyFile(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("refuses", () => {
  test.each<[string, string, Uint8Array]>([
    ["N01 an empty file", "E_MAGIC", new Uint8Array()],
    ["N02 the magic alone", "E_VERSION", join("\u0093NUMPY")],
    ["N03 a magic without its first byte", "E_MAGIC", join(" NUMPY", basic.subarray(6))],
    ["N03 a magic cut off", "E_MAGIC", join("\u0093NUM")],
    ["N04 a magic in small letters", "E_MAGIC", join("\u0093numpy", basic.subarray(6))],
    ["N05 version 1.1", "E_VERSION", join("\u0093NUMPY", [1, 1], basic.subarray(8))],
    ["N06 version 0.0", "E_VERSION", join("\u0093NUMPY", [0, 0], basic.subarray(8))],
    ["N07 version 255", "E_VERSION", join("\u0093NUMPY", [255, 0], basic.subarray(8))],
    ["N07 version 4.0", "E_VERSION", join("\u0093NUMPY", [4, 0], basic.subarray(8))],

    ["N08 a header longer than the file", "E_HEADER", join(preamble(1, 1000), `${header}\n`)],
    ["N08 no length", "E_HEADER", basic.subarray(0, 9)],
    ["N09 a header of 4 GiB", "E_HEADER", join(preamble(2, 2 ** 32 - 1), `${header}\n`)],
    ["N10 a header of 2^31 bytes", "E_HEADER", join(preamble(2, 2 ** 31), `${header}\n`)],
    ["N11 a header of length 0", "E_HEADER", join(preamble(1, 0), `${header}\n`)],
    ["N12 no line feed", "E_HEADER", file(header, data)],
    ["N12 two line feeds", "E_HEADER", file(`${header}\n\n`, data)],
    ["N13 100,000 spaces", "E_HEADER", file(`${header}${" ".repeat(1e5)}\n`, data, 2)],
    ["N14 a NUL in the header", "E_HEADER", file(`${header}\0\n`, data)],
    ["N14 a NUL in a key", "E_HEADER", file(header.replace("shape", "sha\0pe"), data)],
    ["N15 5,000 brackets", "E_SHAPE", fields(`${"(".repeat(4000)}${")".repeat(4000)}`)],
    ["N15 5,000 brackets for the dictionary", "E_HEADER", file(`${"(".repeat(5000)}\n`)],
    ["N16 a call", "E_HEADER", file("__import__('os').system('id')\n")],
    ["N16 a call as shape", "E_SHAPE", fields("__import__('os').system('id')")],
    ["N17 a list", "E_HEADER", file("['descr', 'fortran_order', 'shape']\n")],
    ["N18 no shape", "E_HEADER", file("{'descr': '<f4', 'fortran_order': False}\n", data)],
    ["N18 an empty dictionary", "E_HEADER", file("{}\n", data)],
    ["N19 a fourth key", "E_HEADER", file(header.replace("}", "'x': True}\n"), data)],
    ["N20 a key twice", "E_HEADER", file(header.replace("}", "'shape': (4,)}\n"), data)],
    ["N21 a key __proto__", "E_HEADER", file(header.replace("}", "'__proto__': (4,)}\n"), data)],
    ["N22 an order in quotes", "E_HEADER", fields("(4,)", { order: "'False'" })],
    ["N23 an order 0", "E_HEADER", fields("(4,)", { order: "0" })],
    ["no comma between fields", "E_HEADER", file("{'descr': '<f4' 'fortran_order': False, 'shape': (4,)}\n", data)],
    ["a line feed between fields", "E_HEADER", file(`${header.replace(", ", ",\n")}\n`, data)],
    ["an escape in a key", "E_HEADER", file(`${header.replace("shape", "sha\\x70e")}\n`, data)],
    ["a key outside of ASCII", "E_HEADER", file(`${header.replace("shape", "sh\u00e4pe")}\n`, data, 3)],

    ["N24 objects in a pickle that calls os.system", "E_OBJECT", fields("()", { descr: "'|O'", data: osSystem })],
    ["N25 the same as O", "E_OBJECT", fields("()", { descr: "'O'", data: osSystem })],

    ["N26 void", "E_DTYPE", fields("(2,)", { descr: "'|V8'" })],
    ["N27 records", "E_DTYPE", fields("(2,)", { descr: "[('a', '<f4'), ('b', '<f4')]" })],
    ["N28 texts", "E_DTYPE", fields("(1,)", { descr: "'<U4'" })],
    ["N29 dates", "E_DTYPE", fields("(2,)", { descr: "'<M8[s]'" })],
    ["N30 a long double", "E_DTYPE", fields("(1,)", { descr: "'<f16'" })],
    ["N31 a dtype constructor", "E_DTYPE", fields("(4,)", { descr: "'constructor'" })],
    ["N31 a dtype <constructor", "E_DTYPE", fields("(4,)", { descr: "'<constructor'" })],
    ["N32 an unknown dtype", "E_DTYPE", fields("(4,)", { descr: "'<q7'" })],
    ["N32 a dtype without its order", "E_DTYPE", fields("(4,)", { descr: "'f4'" })],
    ["N32 a dtype in the order of whatever machine", "E_DTYPE", fields("(4,)", { descr: "'=f4'" })],
    ["N32 a dtype of four bytes in no order", "E_DTYPE", fields("(4,)", { descr: "'|f4'" })],
    ["N32 an empty dtype", "E_DTYPE", fields("(4,)", { descr: "''" })],
    ["N32 a dtype that is a number", "E_DTYPE", fields("(4,)", { descr: "4" })],
    ["N33 arrays in an array", "E_DTYPE", fields("(2,)", { descr: "('<f4', (2,))" })],
    ["complex64", "E_DTYPE", fields("(2,)", { descr: "'<c8'" })],
    ["complex128", "E_DTYPE", fields("(1,)", { descr: "'<c16'" })],

    ["N34 a length -1", "E_SHAPE", fields("(-1,)")],
    ["N35 lengths -2 and -2", "E_SHAPE", fields("(-2, -2)")],
    ["N36 a length 4.0", "E_SHAPE", fields("(4.0,)")],
    ["N37 a length True", "E_SHAPE", fields("(True, 4)")],
    ["N38 a list", "E_SHAPE", fields("[4]")],
    ["N39 a number in brackets", "E_SHAPE", fields("(4)")],
    ["N40 texts", "E_SHAPE", fields("('4',)")],
    ["N41 2^32 x 2^32", "E_SHAPE", fields("(4294967296, 4294967296)")],
    ["N42 a product that wraps around to 4", "E_SHAPE", fields("(4194305, 4194305, 211106198978564)")],
    ["N43 10^12 elements in 16 bytes", "E_SIZE", fields("(1000000, 1000000)")],
    ["N44 0 x 10^21", "E_SHAPE", fields("(0, 1000000000000000000000)", { data: [] })],
    ["N44 0 x 10^15", "E_SHAPE", fields("(0, 1000000000000000)", { data: [] })],
    ["N45 a power", "E_SHAPE", fields("(2**2,)")],
    ["N46 other spellings of numbers", "E_SHAPE", fields("(0x2, 1_0)")],
    ["N46 a leading zero", "E_SHAPE", fields("(04,)")],
    ["N47 1,000 axes", "E_SHAPE", fields(`(${"1, ".repeat(1000)})`)],
    ["N47 9 axes", "E_SHAPE", fields(`(${"1, ".repeat(8)}4)`)],
    ["two commas", "E_SHAPE", fields("(4,,)")],
    ["a comma alone", "E_SHAPE", fields("(,)")],
    ["a tuple that does not end", "E_SHAPE", file("{'descr': '<f4', 'fortran_order': False, 'shape': (4,\n", data)],
    ["N48 data that are cut off", "E_SIZE", fields("(4,)", { data: data.subarray(0, 15) })],
    ["N49 bytes after the data", "E_SIZE", fields("(4,)", { data: join(data, "PK\u0003\u0004") })],
    ["N50 a bool of 2", "E_DTYPE", fields("(3,)", { descr: "'|b1'", data: [0, 1, 2] })],
  ])("%s: %s", (_, code, bytes) => {
    const start = performance.now();
    const error = refusal(bytes);
    const duration = performance.now() - start;
    expect(error.code).toBe(code);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    expect(error.message).toMatch(/^[A-Z([].{10,400}\.$/u);
    // Takes less than 50 ms on an idle machine; the bound only detects a hang.
    expect(duration).toBeLessThan(3000);
  });
});

describe("reports place and problem in a plain sentence", () => {
  test.each<[string, Uint8Array, string, number, string]>([
    ["a magic", join("\u0093NUMPX"), "E_MAGIC", 5, "A .npy file begins with the byte 0x93 and NUMPY."],
    ["a version", join("\u0093NUMPY", [7, 2]), "E_VERSION", 6, "The versions 1.0, 2.0 and 3.0 are read, not 7.2."],
    ["a key", file("{'x': 1}\n"), "E_HEADER", 11, 'The header has an unknown key "x".'],
    [
      "a shape",
      fields("(2, x)"),
      "E_SHAPE",
      64,
      "The header's shape should be a tuple of whole numbers, such as (2, 3), (4,) or ().",
    ],
    [
      "complex numbers",
      fields("(2,)", { descr: "'<c8'" }),
      "E_DTYPE",
      20,
      'The dtype "<c8" is complex; save the real and the imaginary part as two arrays.',
    ],
    ["a cut file", basic.subarray(0, -3), "E_SIZE", basic.length - 3, "[4] of <f4 takes 16 bytes, 13 are there."],
    ["bytes after it", join(basic, "x"), "E_SIZE", basic.length, "[4] of <f4 takes 16 bytes, 17 are there."],
    [
      "a pickle that would run a command",
      fields("()", { descr: "'|O'", data: osSystem }),
      "E_OBJECT",
      67,
      'The pickle in the file names "os.system", which Python would run. A pickle can run code, so only pickled ' +
        "lists and dictionaries of NumPy arrays are read. Save with np.savez or safetensors.",
    ],
  ])("%s", (_, bytes, code, offset, message) => {
    const error = refusal(bytes);
    expect([error.code, error.offset, error.message]).toEqual([code, offset, message]);
  });
});

describe("accepts", () => {
  const four: FileTensor = { dtype: "F32", shape: [4], data: floats };

  test("N51 version 1, without copying aligned elements", () => {
    const padded = file(`${header.padEnd(117)}\n`, data);
    const tensor = readNpy(padded);
    expect(tensor).toEqual(four);
    expect(tensor.data.buffer).toBe(padded.buffer);
    expect(readNpyFile(padded)).toEqual({
      tensors: new Map([["data", four]]),
      metadata: new Map(),
      structure: "tensor",
    });
  });
  test("N52 version 2", () => {
    expect(readNpy(file(`${header}\n`, data, 2))).toEqual(four);
  });
  test("N53 version 3", () => {
    expect(readNpy(file(`${header}\n`, data, 3))).toEqual(four);
  });
  test("N54 a scalar", () => {
    expect(readNpy(fields("()", { data: data.subarray(4, 8) }))).toEqual({
      dtype: "F32",
      shape: [],
      data: new Float32Array([2]),
    });
  });
  test("N55 column-major order", () => {
    const bytes = fields("(2, 3, 2)", { descr: "'|u1'", order: "True", data: [...Array(12).keys()] });
    const rows = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11];
    expect(readNpy(bytes)).toEqual({ dtype: "U8", shape: [2, 3, 2], data: Uint8Array.from(rows) });
  });
  test("N56 big-endian elements", () => {
    const bytes = fields("(2,)", { descr: "'>i2'", data: [0, 1, 255, 254] });
    expect(readNpy(bytes)).toEqual({ dtype: "I16", shape: [2], data: Int16Array.of(1, -2) });
  });
  test("N57 no elements", () => {
    expect(readNpy(fields("(0,)", { data: [] }))).toEqual({ dtype: "F32", shape: [0], data: new Float32Array() });
  });
  test("N58 Python 2's integers", () => {
    expect(readNpy(fields("(2L, 2L)", { data }))).toEqual({ ...four, shape: [2, 2] });
  });
  test("N59 keys in any order, no trailing comma, double quotes", () => {
    expect(readNpy(file(`{"shape":(4,),"fortran_order":False,"descr":"<f4"}\n`, data))).toEqual(four);
  });
  test("N60 a header that is not padded", () => {
    expect(readNpy(basic)).toEqual(four);
  });
  test("a view with an offset", () => {
    expect(readNpy(join("x", basic).subarray(1))).toEqual(four);
  });
});

const sample: [string, FileTensor, string][] = [
  ["float32", { dtype: "F32", shape: [2, 3], data: new Float32Array([1, -2.5, 3e38, NaN, -0, 1e-40]) }, "<f4"],
  ["float64", { dtype: "F64", shape: [2], data: new Float64Array([0.1, Infinity]) }, "<f8"],
  ["float16", { dtype: "F16", shape: [2], data: new Uint16Array([0x3c00, 0xfc00]) }, "<f2"],
  ["int8", { dtype: "I8", shape: [2], data: Int8Array.of(-128, 127) }, "|i1"],
  ["int16", { dtype: "I16", shape: [1, 2], data: Int16Array.of(-2, 3) }, "<i2"],
  ["int32", { dtype: "I32", shape: [], data: Int32Array.of(-7) }, "<i4"],
  ["int64", { dtype: "I64", shape: [1], data: BigInt64Array.of(-5n) }, "<i8"],
  ["uint8", { dtype: "U8", shape: [1, 1, 1], data: Uint8Array.of(255) }, "|u1"],
  ["uint16", { dtype: "U16", shape: [1], data: Uint16Array.of(65535) }, "<u2"],
  ["uint32", { dtype: "U32", shape: [1], data: Uint32Array.of(4294967295) }, "<u4"],
  ["uint64", { dtype: "U64", shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) }, "<u8"],
  ["bool", { dtype: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) }, "|b1"],
  ["nothing", { dtype: "F32", shape: [0, 4], data: new Float32Array() }, "<f4"],
];

describe("writing", () => {
  test("produces NumPy's bytes: version 1.0, space for the first axis to grow, a multiple of 64", () => {
    const text = `${header}${" ".repeat(20)}`.padEnd(117);
    expect(writeNpy({ dtype: "F32", shape: [4], data: floats })).toEqual(file(`${text}\n`, data));
    const scalar = "{'descr': '|b1', 'fortran_order': False, 'shape': (), }".padEnd(117);
    expect(writeNpy({ dtype: "BOOL", shape: [], data: Uint8Array.of(1) })).toEqual(file(`${scalar}\n`, [1]));
  });

  test.each(sample)("%s is read back unchanged", (_, tensor) => {
    expect(readNpy(writeNpy(tensor))).toEqual(tensor);
  });

  test.each<[string, FileTensor, string]>([
    [
      "bfloat16",
      { dtype: "BF16", shape: [1], data: new Uint16Array(1) },
      ".npy: expected a dtype of BOOL I8 U8 I16 U16 I32 U32 I64 U64 F16 F32 F64, got BF16. Use .safetensors.",
    ],
    [
      "a shape that does not match its data",
      { dtype: "F32", shape: [3], data: new Float32Array(2) },
      ".npy: expected 12 bytes for F32 [3], got 8 bytes.",
    ],
  ])("refuses %s", (_, tensor, message) => {
    expect(() => writeNpy(tensor)).toThrow(message);
  });

  test("refuses no tensor and several tensors, and names the formats for them", () => {
    const [first, second] = [sample[0]![1], sample[1]![1]];
    const message = ".npy: expected one tensor, got 2. Use .npz or .safetensors for several.";
    expect(() =>
      npy.write!(
        new Map([
          ["a", first],
          ["b", second],
        ]),
      ),
    ).toThrow(message);
    expect(() => npy.write!(new Map())).toThrow("expected one tensor, got 0");
  });
});

test.each(sample)("%s is converted for devices, with a note if precision is lost", (name, tensor) => {
  if (name === "uint32" || name === "uint64") {
    expect(() => convertToDType(tensor)).toThrow("expected integers from -2147483648 to 2147483647");
    return;
  }
  const { dtype, note } = convertToDType(tensor);
  expect(dtype).toBe(name === "bool" ? "bool" : name.includes("int") ? "int32" : "float32");
  const same = ["int32", "bool", "nothing"].includes(name);
  expect(note === undefined).toBe(same);
});

describe("damage", () => {
  /** `npm run test:full` tries a hundred times as many cases. */
  const times = import.meta.env.WEIGHTROOM_FULL ? 100 : 1;

  function readOrRefuse(damaged: Uint8Array): FileContents | undefined {
    try {
      return readNpyFile(damaged);
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }

  test("at every length, a cut file is refused", () => {
    for (let size = 0; size < basic.length; size++)
      expect([size, readOrRefuse(basic.subarray(0, size))]).toEqual([size, undefined]);
  });

  test("at every bit, a flip is read without exceeding the file, or refused with a FormatError", () => {
    for (let bit = 0; bit < basic.length * 8; bit++) {
      const flipped = basic.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const tensors = readOrRefuse(flipped)?.tensors;
      expect(tensors?.get("data")?.data.byteLength ?? 16).toBe(16);
    }
  });

  test("of any kind in the header, at random, is read or refused with a FormatError", () => {
    const piece = fc.constantFrom(
      ...Array.from("{}()[]',:0-9eLTrue<>|=O.\\\n\0\u00e9 "),
      "True",
      "'<f8'",
      "shape",
      "(0,",
      "99999999",
    );
    const damage = fc.array(fc.tuple(fc.nat(header.length), fc.nat(6), piece), { maxLength: 4 });
    fc.assert(
      fc.property(damage, (edits) => {
        let text = `${header}\n`;
        for (const [at, removed, inserted] of edits) text = text.slice(0, at) + inserted + text.slice(at + removed);
        readOrRefuse(file(text, data));
      }),
      { numRuns: 3000 * times },
    );
  }, 600_000);

  test("any bytes at all are read or refused with a FormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        readOrRefuse(noise);
        readOrRefuse(join("\u0093NUMPY", noise));
        readOrRefuse(file("{", noise));
      }),
      { numRuns: 2000 * times },
    );
  }, 600_000);

  test("any tensor is read back and written again as the same bytes", () => {
    const dtype = fc.constantFrom(...numpyDTypes.values());
    const shape = fc.array(fc.nat(4), { maxLength: 4 });
    fc.assert(
      fc.property(dtype, shape, fc.uint8Array({ minLength: 2048, maxLength: 2048 }), (name, lengths, noise) => {
        const { arrayType } = fileDTypes.get(name)!;
        const elements = new arrayType(noise.slice().buffer, 0, sizeOf(lengths));
        const values: FileArray =
          name === "BOOL" ? Uint8Array.from(noise.subarray(0, elements.length), (byte) => byte & 1) : elements;
        const bytes = writeNpy({ dtype: name, shape: lengths, data: values });
        expect(readNpy(bytes)).toEqual({ dtype: name, shape: lengths, data: values });
        expect(writeNpy(readNpy(bytes))).toEqual(bytes);
      }),
      { numRuns: 200 * times },
    );
  }, 600_000);
});

/** Python script that loads the files on its input and saves each again in three ways. */
const numpyScript = `
def save(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version)
    send(file.getvalue())
for file in received:
    array = np.load(io.BytesIO(file))
    save(array)
    save(array.astype(array.dtype.newbyteorder(">")), (2, 0))
    save(np.array(array, order="F"), (3, 0))
`;

test.skipIf(!hasNumpy)(
  `NumPy reads our files and we read NumPy's, in every dtype, order and version${ifNoNumpy}`,
  () => {
    const files = runNumpy(
      numpyScript,
      sample.map(([, tensor]) => writeNpy(tensor)),
    );
    expect(files.length).toBe(3 * sample.length);
    sample.forEach(([name, tensor, descr], i) => {
      const [same, turned, fortran] = files.slice(3 * i) as [Uint8Array, Uint8Array, Uint8Array];
      expect([name, Buffer.from(same).toString("latin1")]).toEqual([
        name,
        Buffer.from(writeNpy(tensor)).toString("latin1"),
      ]);
      expect(Buffer.from(same).toString("latin1")).toContain(`'${descr}'`);
      expect([name, turned[6], readNpy(turned)]).toEqual([name, 2, tensor]);
      expect([name, fortran[6], readNpy(fortran)]).toEqual([name, 3, tensor]);
    });
  },
);
