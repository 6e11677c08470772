import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../base/errors";
import type { FileTensor } from "./fileFormat";
import { readSafetensors, writeSafetensors } from "./safetensors";

type Bytes = Uint8Array | string;

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

function bytesOf(part: Bytes): Uint8Array {
  return typeof part === "string" ? new TextEncoder().encode(part) : part;
}

function join(...parts: Bytes[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(bytesOf)));
}

/** Encodes the length of a header: 8 bytes, little-endian. */
function length(n: bigint | number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n), true);
  return bytes;
}

/** Returns a file with this header, as text or bytes, and `data` (a number stands for that many bytes of value 1). */
function file(header: Bytes, data: Bytes | number = 0): Uint8Array {
  const head = bytesOf(header);
  return join(length(head.length), head, typeof data === "number" ? new Uint8Array(data).fill(1) : data);
}

/** Returns the JSON of one entry. */
function entry(dtype: string, shape: string, offsets: string): string {
  return `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
}

/** Returns a file with one F32 tensor "w" whose fields have these texts. */
function single(shape: string, offsets: string, data: Bytes | number, dtype = '"F32"'): Uint8Array {
  return file(`{"w":${entry(dtype, shape, offsets)}}`, data);
}

const bools = single("[3]", "[0,3]", new Uint8Array([0, 1, 2]), '"BOOL"');
const basic = single("[2]", "[0,8]", 8);
const w4 = entry('"F32"', "[1]", "[0,4]");

function refusal(bytes: Uint8Array): FormatError {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("refuses", () => {
  test.each<[string, string, Uint8Array]>([
    ["S01 an empty file", "E_TRUNC", new Uint8Array()],
    ["S02 7 bytes", "E_TRUNC", new Uint8Array(7)],
    ["S03 a header of length 0", "E_TRUNC", join(length(0), "{}")],
    ["S04 a header longer than the file", "E_TRUNC", join(length(1000), "{}")],
    ["S05 a header's length that is one short", "E_TRUNC", join(length(1), "{}")],
    ["S05 the same with a tensor", "E_TRUNC", join(length(basic.length - 17), basic.subarray(8))],
    ["S06 a length of 2^53 + 1", "E_TRUNC", join(length(2n ** 53n + 1n), "{}")],
    ["S07 a length of 2^64 - 1", "E_TRUNC", join(length(2n ** 64n - 1n), "{}")],
    ["S08 a header above 8 MiB", "E_TRUNC", file(`{}${" ".repeat(8 * 2 ** 20)}`)],
    ["S09 data that are 2 bytes short", "E_TRUNC", single("[2]", "[0,8]", 6)],

    ["S10 a byte 0xFF in a name", "E_UTF8", file(join('{"a', new Uint8Array([0xff]), `":${w4}}`), 4)],
    ["S11 a byte order mark", "E_JSON", file(join(new Uint8Array([0xef, 0xbb, 0xbf]), `{"w":${w4}}`), 4)],
    ["S12 overlong UTF-8", "E_UTF8", file(join('{"a', new Uint8Array([0xc0, 0xaf]), `":${w4}}`), 4)],
    ["S13 {", "E_JSON", file("{")],
    ["S14 an array", "E_JSON", file("[]")],
    ["S15 null", "E_JSON", file("null")],
    ["S16 a string", "E_JSON", file('"w"')],
    ["S17 garbage after the object", "E_JSON", file(`{"w":${w4}}x`, 4)],
    ["S18 NUL padding", "E_JSON", file(`{"w":${w4}}\0\0\0`, 4)],
    ["S19 a NaN literal", "E_JSON", single("[NaN]", "[0,4]", 4)],
    ["S20 a comment", "E_JSON", file(`{/* w */"w":${w4}}`, 4)],
    ["S21 a number 01", "E_JSON", single("[01]", "[0,4]", 4)],
    ["S22 an offset -0", "E_JSON", single("[1]", "[-0,4]", 4)],
    ["S23 200,000-deep nesting of a tensor", "E_JSON", file(`{"w":${"[".repeat(2e5)}${"]".repeat(2e5)}}`)],
    ["S23 200,000-deep nesting of a shape", "E_JSON", single(`${"[".repeat(2e5)}${"]".repeat(2e5)}`, "[0,4]", 4)],
    ["S23 200,000-deep nesting of objects", "E_JSON", file('{"w":'.repeat(2e5))],
    ["S24 a lone surrogate as name", "E_UTF8", file(`{"\\ud800":${w4}}`, 4)],

    ["S25 a tensor twice", "E_DUP", file(`{"w":${entry('"U8"', "[4]", "[0,4]")},"w":${w4}}`, 4)],
    ["S26 a tensor twice through an escape", "E_DUP", file(`{"w":${w4},"\\u0077":${w4}}`, 4)],
    ["S27 a field twice", "E_DUP", file(`{"w":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}`, 4)],
    ["S28 two __metadata__", "E_DUP", file('{"__metadata__":{},"__metadata__":{}}')],

    ["S29 metadata that is not a text", "E_META", file('{"__metadata__":{"a":1}}')],
    ["S30 a metadata array", "E_META", file('{"__metadata__":["a"]}')],

    [
      "S31 overlapping tensors",
      "E_OFFSET",
      file(`{"a":${entry('"F32"', "[2]", "[0,8]")},"b":${entry('"F32"', "[2]", "[4,12]")}}`, 12),
    ],
    [
      "S32 ten tensors in one range",
      "E_OFFSET",
      file(`{${Array.from({ length: 10 }, (_, i) => `"w${i}":${w4}`).join(",")}}`, 4),
    ],
    ["S33 a hole", "E_COVERAGE", file(`{"a":${w4},"b":${entry('"F32"', "[1]", "[8,12]")}}`, 12)],
    ["S34 a leading hole", "E_COVERAGE", single("[1]", "[4,8]", 8)],
    ["S35 bytes after the last tensor", "E_COVERAGE", single("[1]", "[0,4]", join("1234", "PK\u0003\u0004"))],
    ["S36 data without tensors", "E_COVERAGE", file("{}", 4)],
    ["S37 a begin after its end", "E_OFFSET", single("[1]", "[4,0]", 4)],
    ["S38 a negative offset", "E_OFFSET", single("[1]", "[-4,0]", 4)],
    ["S39 an offset 16.0", "E_OFFSET", single("[4]", "[0,16.0]", 16)],
    ["S40 an offset 1.6e1", "E_OFFSET", single("[4]", "[0,1.6e1]", 16)],
    ["S41 offsets that are texts", "E_OFFSET", single("[1]", '["0","4"]', 4)],
    ["S42 three offsets", "E_OFFSET", single("[1]", "[0,4,4]", 4)],
    ["S42 one offset", "E_OFFSET", single("[1]", "[0]", 4)],
    ["S43 offsets beyond the file", "E_OFFSET", single("[1]", "[1000,1004]", 4)],
    ["S43 an end beyond the file", "E_OFFSET", single("[1]", "[0,1000000]", 4)],

    ["S44 a shape that does not match its data", "E_SIZE", single("[3]", "[0,8]", 8)],
    ["S45 10^12 elements in 16 bytes", "E_SIZE", single("[1000000,1000000]", "[0,16]", 16)],
    ["S46 a product beyond 64 bits", "E_SHAPE", single("[2,18446744073709551614]", "[0,16]", 16)],
    ["S47 a product that wraps around to 4", "E_SHAPE", single("[4194305,4194305,211106198978564]", "[0,16]", 16)],
    ["S48 negative lengths", "E_SHAPE", single("[-1,-4]", "[0,16]", 16)],
    ["S49 a length 2.0", "E_SHAPE", single("[2.0]", "[0,8]", 8)],
    ["S50 lengths 1.6 and 2.5", "E_SHAPE", single("[1.6,2.5]", "[0,16]", 16)],
    ["S51 lengths that are texts", "E_SHAPE", single('["2"]', "[0,8]", 8)],
    ["S52 a length null", "E_SHAPE", single("[null]", "[0,8]", 8)],
    ["S52 a shape null", "E_SHAPE", single("null", "[0,8]", 8)],
    ["S53 a nested shape", "E_SHAPE", single("[[2]]", "[0,8]", 8)],
    ["S54 0 times a huge length", "E_SHAPE", single("[0,9007199254740991]", "[0,0]", 0)],
    ["S54 a huge length times 0", "E_SHAPE", single("[18446744073709551615,0]", "[0,0]", 0)],
    ["S55 a length of 2^53 + 1", "E_SHAPE", single("[9007199254740993]", "[0,16]", 16)],
    ["S56 1,000 axes", "E_SHAPE", single(`[${new Array(1000).fill(1).join(",")}]`, "[0,4]", 4)],

    ["S57 an unknown dtype", "E_DTYPE", single("[1]", "[0,4]", 4, '"F33"')],
    ["S58 a dtype in small letters", "E_DTYPE", single("[1]", "[0,4]", 4, '"f32"')],
    ["S59 a dtype constructor", "E_DTYPE", single("[1]", "[0,4]", 4, '"constructor"')],
    ["S60 a dtype that is a number", "E_DTYPE", single("[1]", "[0,4]", 4, "32")],
    ["S61 no dtype", "E_FIELD", file('{"w":{"shape":[1],"data_offsets":[0,4]}}', 4)],
    ["S62 no shape", "E_FIELD", file('{"w":{"dtype":"F32","data_offsets":[0,4]}}', 4)],
    ["S63 no offsets", "E_FIELD", file('{"w":{"dtype":"F32","shape":[1]}}', 4)],
    ["S64 an unknown field", "E_FIELD", file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}', 4)],
    ["S65 a tensor null", "E_FIELD", file('{"w":null}')],
    ["S66 a bool of 2", "E_DTYPE", single("[3]", "[0,3]", new Uint8Array([0, 1, 2]), '"BOOL"')],
    ["S67 F4 that does not end at a byte", "E_DTYPE", single("[3]", "[0,2]", 2, '"F4"')],

    ["a name that is not closed", "E_JSON", file('{"w')],
    ["an unlawful escape", "E_JSON", file(`{"\\x":${w4}}`, 4)],
    ["a control character in a name", "E_JSON", file(`{"\n":${w4}}`, 4)],
    ["a comma at the end", "E_JSON", file(`{"w":${w4},}`, 4)],
    ["no comma", "E_JSON", file(`{"v":${w4}"w":${w4}}`, 4)],
  ])("%s: %s", (_, code, bytes) => {
    const start = performance.now();
    const error = refusal(bytes);
    const duration = performance.now() - start;
    expect(error.code).toBe(code);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    expect(error.message).toMatch(/^[A-Z_].{10,400}\.$/u);
    // Takes less than 50 ms on an idle machine; the bound only detects a hang.
    expect(duration).toBeLessThan(3000);
  });
});

describe("reports place and problem in a plain sentence", () => {
  test.each<[string, Uint8Array, string, number, string]>([
    [
      "a malformed byte",
      file(join('{"é�', new Uint8Array([0xff]), '":0}')),
      "E_UTF8",
      15,
      "The text is not UTF-8: byte 15 does not belong there.",
    ],
    ["a length", single("[2,x]", "[0,8]", 8), "E_JSON", 39, 'The JSON has "x" where a value should be.'],
    ["a name after é", file(`{"é":${w4},"é":0}`), "E_DUP", 8 + 6 + w4.length + 1, 'The name "é" occurs twice.'],
    [
      "a size",
      single("[3]", "[0,8]", 8),
      "E_SIZE",
      9,
      'The tensor "w" of F32 [3] takes 12 bytes, but its offsets span 8.',
    ],
    [
      "a cut file",
      basic.subarray(0, -3),
      "E_TRUNC",
      basic.length - 3,
      "The file is cut off: it has 5 of its 8 bytes of data.",
    ],
    ["a bool", bools, "E_DTYPE", bools.length - 1, 'The tensor "w" of BOOL contains the byte 2; bools are 0 or 1.'],
  ])("%s", (_, bytes, code, offset, message) => {
    const error = refusal(bytes);
    expect([error.code, error.offset, error.message]).toEqual([code, offset, message]);
  });
});

describe("accepts", () => {
  const one = new Float32Array([1, 2]);
  const data = new Uint8Array(one.buffer);

  function tensorsOf(bytes: Uint8Array): [string, FileTensor][] {
    return [...readSafetensors(bytes).tensors];
  }

  const w: [string, FileTensor] = ["w", { dtype: "F32", shape: [2], data: one }];

  test("S68 a basic file", () => {
    expect(tensorsOf(single("[2]", "[0,8]", data))).toEqual([w]);
  });
  test("S69 {}", () => {
    expect(readSafetensors(file("{}"))).toEqual({ tensors: new Map(), metadata: new Map() });
  });
  test("S70 a scalar", () => {
    expect(tensorsOf(single("[]", "[0,4]", data.subarray(4)))).toEqual([
      ["w", { dtype: "F32", shape: [], data: new Float32Array([2]) }],
    ]);
  });
  test("S71 an empty tensor", () => {
    expect(tensorsOf(single("[2,0]", "[0,0]", 0))).toEqual([
      ["w", { dtype: "F32", shape: [2, 0], data: new Float32Array() }],
    ]);
  });
  test("S72 spaces after the object", () => {
    expect(tensorsOf(file(`{"w":${entry('"F32"', "[2]", "[0,8]")}}     `, data))).toEqual([w]);
  });
  test("S73 white space before and inside the object", () => {
    expect(tensorsOf(file(` \n\t{ "w" :\r${entry('"F32"', "[ 2 ]", "[0 , 8]")} }`, data))).toEqual([w]);
  });
  test("S74 metadata", () => {
    const { tensors, metadata } = readSafetensors(
      file(`{"__metadata__":{"format":"pt","":"x","__proto__":"y"},"w":${entry('"F32"', "[2]", "[0,8]")}}`, data),
    );
    expect([...tensors]).toEqual([w]);
    expect([...metadata]).toEqual([
      ["format", "pt"],
      ["", "x"],
      ["__proto__", "y"],
    ]);
  });
  test("S75 names in a different order from their data", () => {
    const bytes = file(`{"b":${entry('"F32"', "[1]", "[4,8]")},"a":${entry('"F32"', "[1]", "[0,4]")}}`, data);
    expect(tensorsOf(bytes)).toEqual([
      ["b", { dtype: "F32", shape: [1], data: new Float32Array([2]) }],
      ["a", { dtype: "F32", shape: [1], data: new Float32Array([1]) }],
    ]);
  });
  test("S76 NaN and infinities", () => {
    const odd = new Float32Array([NaN, -Infinity]);
    expect(tensorsOf(single("[2]", "[0,8]", new Uint8Array(odd.buffer)))[0]![1].data).toEqual(odd);
  });
  test("S77 a second tensor that is not aligned", () => {
    const header = `{"a":${entry('"U8"', "[1]", "[0,1]")},"w":${entry('"F32"', "[2]", "[1,9]")}}`;
    expect(tensorsOf(file(header, join(new Uint8Array([7]), data)))).toEqual([
      ["a", { dtype: "U8", shape: [1], data: new Uint8Array([7]) }],
      w,
    ]);
  });
  test.each([
    ["S78", "__proto__"],
    ["S79", "constructor"],
    ["S80", ""],
    ["S81", "<img src=x onerror=alert(1)>"],
    ["S81", "../../x"],
    ["a name in Chinese,", "权重/0"],
  ])("%s the name %j, as nothing but a name", (_, name) => {
    const tensors = tensorsOf(file(`{${JSON.stringify(name)}:${entry('"F32"', "[2]", "[0,8]")}}`, data));
    expect(tensors).toEqual([[name, w[1]]]);
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
  });

  test("F4 that ends on a byte boundary, as bytes", () => {
    expect(tensorsOf(single("[2,3]", "[0,3]", new Uint8Array([1, 2, 3]), '"F4"'))).toEqual([
      ["w", { dtype: "F4", shape: [2, 3], data: new Uint8Array([1, 2, 3]) }],
    ]);
  });

  test("50,000 tensors in one go, as views without copying", () => {
    const entries = Array.from({ length: 50_000 }, (_, i) => `"w${i}":${entry('"U8"', "[1]", `[${i},${i + 1}]`)}`);
    const bytes = file(`{${entries.join(",")}}`, 50_000);
    const start = performance.now();
    const { tensors } = readSafetensors(bytes);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(tensors.size).toBe(50_000);
    expect(tensors.get("w49999")!.data.buffer).toBe(bytes.buffer);
  });
});

const sample = new Map<string, FileTensor>([
  ["hidden/kernel", { dtype: "F32", shape: [2, 3], data: new Float32Array([1, -2.5, 3e38, NaN, -0, 1e-40]) }],
  ["hidden/bias", { dtype: "F32", shape: [3], data: new Float32Array(3) }],
  ["steps", { dtype: "I32", shape: [], data: new Int32Array([-7]) }],
  ["mask", { dtype: "BOOL", shape: [3], data: new Uint8Array([1, 0, 1]) }],
  ["权重", { dtype: "F64", shape: [1], data: new Float64Array([0.1]) }],
  ["__proto__", { dtype: "I64", shape: [1], data: new BigInt64Array([-5n]) }],
  ["empty", { dtype: "F32", shape: [0, 4], data: new Float32Array() }],
]);

describe("writing", () => {
  test("produces the canonical bytes: wide elements first, then by name, padded to 8", () => {
    const bytes = writeSafetensors(
      new Map<string, FileTensor>([
        ["b", { dtype: "BOOL", shape: [1], data: new Uint8Array([1]) }],
        ["z", { dtype: "F32", shape: [], data: new Float32Array([1]) }],
        ["a", { dtype: "F32", shape: [], data: new Float32Array([2]) }],
      ]),
      new Map([
        ["made by", "Weightroom"],
        ["a", '"'],
      ]),
    );
    const head =
      '{"__metadata__":{"a":"\\"","made by":"Weightroom"},' +
      '"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},' +
      '"z":{"dtype":"F32","shape":[],"data_offsets":[4,8]},' +
      '"b":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}';
    const padded = head.padEnd(Math.ceil(head.length / 8) * 8);
    expect(bytes).toEqual(file(padded, new Uint8Array([0, 0, 0, 64, 0, 0, 128, 63, 1])));
  });

  test("is read back unchanged and written again as the same bytes", () => {
    const metadata = new Map([["format", "weightroom"]]);
    const bytes = writeSafetensors(sample, metadata);
    const read = readSafetensors(bytes);
    expect(new Map([...read.tensors].toSorted(byName))).toEqual(new Map([...sample].toSorted(byName)));
    expect(read.metadata).toEqual(metadata);
    expect(writeSafetensors(read.tensors, read.metadata)).toEqual(bytes);
  });

  test("of any tensors is read back and written again as the same bytes", () => {
    const tensor = fc.oneof(
      fc.float32Array({ maxLength: 9 }).map((data) => ({ dtype: "F32", shape: [data.length], data })),
      fc.float64Array({ maxLength: 9 }).map((data) => ({ dtype: "F64", shape: [1, data.length], data })),
      fc.int32Array({ maxLength: 9 }).map((data) => ({ dtype: "I32", shape: [data.length, 1], data })),
      fc.bigInt64Array({ maxLength: 9 }).map((data) => ({ dtype: "I64", shape: [data.length], data })),
      fc.uint16Array({ maxLength: 9 }).map((data) => ({ dtype: "BF16", shape: [data.length], data })),
      fc.uint8Array({ maxLength: 9, max: 1 }).map((data) => ({ dtype: "BOOL", shape: [data.length], data })),
    );
    const name = fc
      .string({ unit: "binary" })
      .filter((text) => text !== "__metadata__" && !/\p{Surrogate}/u.test(text));
    const tensors = fc
      .array(fc.tuple(name, tensor), { maxLength: 6 })
      .map((entries) => new Map<string, FileTensor>(entries));
    const metadata = fc.array(fc.tuple(name, name), { maxLength: 3 }).map((entries) => new Map(entries));
    fc.assert(
      fc.property(tensors, metadata, (before, notes) => {
        const bytes = writeSafetensors(before, notes);
        const after = readSafetensors(bytes);
        expect([...after.tensors].toSorted(byName)).toEqual([...before].toSorted(byName));
        expect([...after.metadata].toSorted(byName)).toEqual([...notes].toSorted(byName));
        expect(writeSafetensors(after.tensors, after.metadata)).toEqual(bytes);
      }),
    );
  });

  test.each<[string, string, FileTensor, string]>([
    [
      "a shape that does not match its data",
      "w",
      { dtype: "F32", shape: [3], data: new Float32Array(2) },
      'safetensors, tensor "w": expected 12 bytes for F32 [3], got 8 bytes.',
    ],
    [
      "the name of the metadata",
      "__metadata__",
      { dtype: "F32", shape: [0], data: new Float32Array() },
      'safetensors, tensor "__metadata__": expected another name, got the name that the format reserves for metadata.',
    ],
    [
      "a lone surrogate",
      "\ud800",
      { dtype: "F32", shape: [0], data: new Float32Array() },
      'safetensors: expected names without lone surrogates, got "\\ud800".',
    ],
  ])("refuses %s", (_, name, tensor, message) => {
    expect(() => writeSafetensors(new Map([[name, tensor]]))).toThrow(message);
  });

  test("refuses a dtype that the format lacks", () => {
    const tensor: FileTensor = { dtype: "float32", shape: [0], data: new Float32Array() };
    expect(() => writeSafetensors(new Map([["w", tensor]]))).toThrow(/expected a dtype of BOOL .* got float32\.$/);
  });
});

describe("damage", () => {
  /** `npm run test:full` tries a hundred times as many cases. */
  const times = import.meta.env.WEIGHTROOM_FULL ? 100 : 1;
  const bytes = writeSafetensors(sample, new Map([["format", "weightroom"]]));

  function readOrRefuse(damaged: Uint8Array): "read" | "refused" {
    try {
      readSafetensors(damaged);
      return "read";
    } catch (error) {
      if (error instanceof FormatError) return "refused";
      throw error;
    }
  }

  test("at every length, a cut file is refused", () => {
    for (let size = 0; size < bytes.length; size++) {
      expect([size, readOrRefuse(bytes.subarray(0, size))]).toEqual([size, "refused"]);
    }
  });

  test("at every bit, a flip is read or refused with a FormatError", () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      readOrRefuse(flipped);
    }
  });

  test("of any kind, at random, is read or refused with a FormatError", () => {
    const head = new DataView(bytes.buffer).getUint32(0, true) + 8;
    const damage = fc.array(
      fc.tuple(fc.nat(head - 1), fc.nat(3), fc.constantFrom(...Array.from('{}[]",:0-9e.\\u\n\0é'))),
      {
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(damage, fc.boolean(), (edits, repairLength) => {
        let text = Buffer.from(bytes.subarray(8, head)).toString("latin1");
        for (const [at, removed, inserted] of edits) text = text.slice(0, at) + inserted + text.slice(at + removed);
        const damaged = Buffer.from(text, "latin1");
        const declared = repairLength ? damaged.length : head - 8;
        readOrRefuse(join(length(declared), damaged, bytes.subarray(head)));
      }),
      { numRuns: 3000 * times },
    );
  }, 600_000);

  test("any bytes at all are read or refused with a FormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (noise, n) => {
        readOrRefuse(noise);
        readOrRefuse(join(length(n), "{", noise));
      }),
      { numRuns: 2000 * times },
    );
  }, 600_000);
});

/** Python script that reads every tensor with NumPy and writes the same file again from the arrays alone. */
const numpyScript = `
import json, struct, sys
import numpy as np
types = {"BOOL": "?", "I32": "<i4", "I64": "<i8", "F32": "<f4", "F64": "<f8"}
file = sys.stdin.buffer.read()
(length,) = struct.unpack("<Q", file[:8])
head = json.loads(file[8:8 + length])
metadata = head.pop("__metadata__")
arrays = {}
for name, entry in head.items():
    begin, end = entry["data_offsets"]
    array = np.frombuffer(file[8 + length:][begin:end], types[entry["dtype"]])
    arrays[name] = (entry["dtype"], array.reshape(entry["shape"]))
print({name: array.tolist() for name, (_, array) in arrays.items()}, file=sys.stderr)
again, data = {"__metadata__": metadata}, b""
for name, (dtype, array) in sorted(arrays.items(), key=lambda item: (-item[1][1].itemsize, item[0])):
    offsets = [len(data), len(data) + array.nbytes]
    again[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": offsets}
    data += array.tobytes()
text = json.dumps(again, separators=(",", ":"), ensure_ascii=False).encode()
text += b" " * (-len(text) % 8)
sys.stdout.buffer.write(struct.pack("<Q", len(text)) + text + data)
`;

function hasNumpy(): boolean {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const numpy = hasNumpy();
test.skipIf(!numpy)(`NumPy reads our file and writes the same bytes${numpy ? "" : " (no python3-numpy here)"}`, () => {
  const input = writeSafetensors(sample, new Map([["format", "weightroom"]]));
  const output = execFileSync("/usr/bin/python3", ["-c", numpyScript], { input, stdio: ["pipe", "pipe", "ignore"] });
  expect(new Uint8Array(output)).toEqual(input);
});
