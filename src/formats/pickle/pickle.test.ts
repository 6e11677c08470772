import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../base/errors";
import { hasNumpy, ifNoNumpy, runNumpy } from "../../testing/numpy";
import {
  array,
  bytes,
  dictionary,
  dtype,
  global,
  holding,
  int,
  latin1,
  list,
  none,
  objectArray,
  objects,
  proto,
  reconstruct,
  reduce,
  text,
  tuple,
  x,
  y,
  yes,
} from "../../testing/pickles";
import type { FileContents, FileTensor } from "../fileFormat";
import { readNpyFile } from "../npy";
import { readPickle } from "./pickleReader";

const xTensor: FileTensor = { dtype: "I32", shape: [2], data: Int32Array.of(1, 2) };
const yTensor: FileTensor = { dtype: "I16", shape: [1, 2], data: Int16Array.of(1, 2) };

function contents(structure: FileContents["structure"], ...tensors: [string, FileTensor][]): FileContents {
  return { tensors: new Map(tensors), metadata: new Map(), structure };
}

function refusal(file: Uint8Array): FormatError {
  try {
    readNpyFile(file);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("reads", () => {
  test("a list of arrays", () => {
    expect(readNpyFile(list)).toEqual(contents("list", ["arr_0", xTensor], ["arr_1", yTensor]));
  });
  test("a dictionary of arrays, whatever their names", () => {
    expect(readNpyFile(dictionary)).toEqual(contents("dictionary", ["x", xTensor], ["__proto__", yTensor]));
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
  });
  test("a list in an array of rank 0", () => {
    expect(readNpyFile(objects(`${proto}${objectArray(")", `](${x}${y}e`)}.`))).toEqual(
      contents("list", ["arr_0", xTensor], ["arr_1", yTensor]),
    );
  });
  test("an ordered dictionary, item by item", () => {
    const ordered = `${global("collections", "OrderedDict")})R${text("y")}${y}s${text("x")}${x}s`;
    expect(readNpyFile(objects(`${proto}${objectArray(")", ordered)}.`))).toEqual(
      contents("dictionary", ["y", yTensor], ["x", xTensor]),
    );
  });
  test("an empty list and an empty dictionary", () => {
    expect(readNpyFile(objects(`${proto}${objectArray(tuple(int(0)))}.`, "(0,)"))).toEqual(contents("list"));
    expect(readNpyFile(objects(`${proto}${objectArray(")", "}")}.`))).toEqual(contents("dictionary"));
  });
  test("one array twice, through the memo", () => {
    const twice = objects(`${proto}${objectArray(tuple(int(2)), `${x}q\u0005`, "h\u0005")}.`, "(2,)");
    expect(readNpyFile(twice)).toEqual(contents("list", ["arr_0", xTensor], ["arr_1", xTensor]));
  });
  test("Python's integers as int64 and its floats as float64", () => {
    const minusTwo = "J\u00fe\u00ff\u00ff\u00ff";
    const whole = objects(
      `${proto}${objectArray(tuple(int(2), int(1)), minusTwo, "\u008a\u0005\0\0\0\0\u0001")}.`,
      "(2, 1)",
    );
    expect(readNpyFile(whole)).toEqual(
      contents("tensor", ["data", { dtype: "I64", shape: [2, 1], data: BigInt64Array.of(-2n, 2n ** 32n) }]),
    );
    const floats = objects(
      `${proto}${objectArray(tuple(int(2)), "M\u0001\u0001", "G\u003f\u00e0\0\0\0\0\0\0")}.`,
      "(2,)",
    );
    expect(readNpyFile(floats)).toEqual(
      contents("tensor", ["data", { dtype: "F64", shape: [2], data: Float64Array.of(257, 0.5) }]),
    );
  });
  test("numbers, bools and NumPy's own numbers in a dictionary, as scalars", () => {
    const number = `${global("numpy._core.multiarray", "scalar")}${tuple(dtype("f4", "<"), bytes("\0\0\u0080\u003f"))}R`;
    const items = [text("a"), int(7), text("b"), yes, text("c"), number].join("");
    expect(readNpyFile(objects(`${proto}${objectArray(")", `}(${items}u`)}.`))).toEqual(
      contents(
        "dictionary",
        ["a", { dtype: "I64", shape: [], data: BigInt64Array.of(7n) }],
        ["b", { dtype: "BOOL", shape: [], data: Uint8Array.of(1) }],
        ["c", { dtype: "F32", shape: [], data: Float32Array.of(1) }],
      ),
    );
  });
  test("bytes as protocol 2 writes them, and TensorFlow's eager tensors", () => {
    const data = `${global("_codecs", "encode")}${tuple(text("\u0001\0\0\0\u0002\0\0\0"), text("latin1"))}R`;
    const old = array(tuple(int(2)), dtype("i4", "<"), data);
    const eager = `${global("tensorflow.python.framework.ops", "convert_to_tensor")}${tuple(old)}R`;
    expect(readNpyFile(objects(`\u0080\u0002${objectArray(tuple(int(2)), eager, y)}.`, "(2,)"))).toEqual(
      contents("list", ["arr_0", xTensor], ["arr_1", yTensor]),
    );
  });
});

describe("refuses, without running anything,", () => {
  const stackGlobal = `\u008c\u0002os\u008c\u0006system\u0093${tuple(text("id"))}R`;

  test.each<[string, Uint8Array, string]>([
    [
      "T01 os.system by GLOBAL",
      holding(reduce("os", "system", text("id"))),
      'names "os.system", which Python would run',
    ],
    ["T01 posix.system", holding(reduce("posix", "system", text("id"))), 'names "posix.system"'],
    ["T02 os.system by STACK_GLOBAL", holding(stackGlobal), 'names "os.system"'],
    ["builtins.eval", holding(reduce("builtins", "eval", text("1"))), 'names "builtins.eval"'],
    ["builtins.getattr", holding(reduce("builtins", "getattr", text("os"), text("x"))), 'names "builtins.getattr"'],
    ["functools.partial", holding(reduce("functools", "partial")), 'names "functools.partial"'],
    ["numpy.load", holding(reduce("numpy", "load", text("x"))), 'names "numpy.load"'],
    [
      "numpy.core.multiarray.fromstring",
      holding(global("numpy.core.multiarray", "fromstring")),
      "which Python would run",
    ],
    ["torch's storages", holding(global("torch._utils", "_rebuild_tensor_v2")), "which Python would run"],
    ["a name of our own objects", holding(global("constructor", "prototype")), 'names "constructor.prototype"'],
    ["a name with a point in the module", holding(`\u008c\u0000\u008c\u000bnumpy.dtype\u0093`), 'names ".numpy.dtype"'],
    ["T03 INST", holding(`(ios\nsystem\n`), "uses the opcode 0x69, which no array needs"],
    ["T03 OBJ", holding(`(${global("numpy", "dtype")}o`), "uses the opcode 0x6f"],
    ["NEWOBJ", holding(`${global("numpy", "ndarray")})\u0081`), "uses the opcode 0x81"],
    ["NEWOBJ_EX", holding(`${global("numpy", "ndarray")})}\u0092`), "uses the opcode 0x92"],
    ["EXT1", holding("\u0082\u0001"), "uses the opcode 0x82"],
    ["PERSID", holding("Pid\n"), "uses the opcode 0x50"],
    ["BINPERSID", holding(`${text("id")}Q`), "uses the opcode 0x51"],
    [
      "T04 _reconstruct of another class",
      holding(reduce("numpy.core.multiarray", "_reconstruct", text("x"))),
      "in a way that NumPy does not",
    ],
    [
      "T04 a dtype of a number",
      holding(reduce("numpy", "dtype", int(1))),
      "calls numpy.dtype in a way that NumPy does not",
    ],
    [
      "T04 a scalar of a dtype of objects",
      holding(reduce("numpy.core.multiarray", "scalar", dtype("O8", "|"), bytes("12345678"))),
      "in a way that NumPy does not",
    ],
    [
      "T04 encode to another encoding",
      holding(reduce("_codecs", "encode", text("x"), text("rot13"))),
      "in a way that NumPy does not",
    ],
    [
      "T04 a call of a class",
      holding(reduce("numpy", "ndarray", int(1))),
      "calls numpy.ndarray in a way that NumPy does not",
    ],
    ["T04 a call of a text", holding(`${text("os")})R`), "calls something that is not a function"],
    [
      "T04 a call with a text",
      holding(`${global("numpy", "dtype")}${text("f4")}R`),
      "calls something that is not a function",
    ],
    ["T05 BUILD on a list", holding("])b"), "sets a state that NumPy does not write"],
    ["T05 BUILD of an array with a dictionary", holding(`${reconstruct}}b`), "sets a state"],
    ["T05 BUILD of an array with too little", holding(`${reconstruct})b`), "sets a state"],
    ["T05 an array of objects in bytes", holding(array(")", dtype("O8", "|"), bytes("12345678"))), "sets a state"],
    ["T05 an array of numbers in a list", holding(array(")", dtype("f4", "<"), "]")), "sets a state"],
    [
      "T05 a dtype with fields",
      holding(
        `${global("numpy", "dtype")}${tuple(text("V8"))}R${tuple(int(3), text("|"), none, tuple(text("a")), "}")}b`,
      ),
      "sets a state",
    ],
    ["T06 a value that is not in the memo", holding("h\u0009"), "refers to a value 9 that it does not define"],
    ["T07 too few values", objects(`${proto}R.`), "takes a value that is not there"],
    ["T07 values below a mark", objects(`${proto}NN(\u0086.`), "takes a value that is not there"],
    ["T07 a mark that was not set", objects(`${proto}Nt.`), "closes a group that it did not open"],
    ["T07 nothing", objects(`${proto}.`), "takes a value that is not there"],
    ["T07 a value left over", objects(`${proto}NN.`), "ends with values left over"],
    ["T08 an empty file", objects(""), "The pickle is cut off: 1 bytes should follow here, but only 0 do."],
    ["T09 2 GB by BINBYTES", holding("B\0\0\0\u0080"), "The pickle is cut off: 2147483648 bytes should follow here"],
    ["T09 LONG4 of 2 GB", holding("\u008b\u00ff\u00ff\u00ff\u007f"), "uses the opcode 0x8b"],
    ["T09 LONG1 of 255 bytes", holding(`\u008a\u00ff${"x".repeat(255)}`), "has a whole number beyond 64 bits"],
    ["T10 a text longer than the rest", holding("X\u00ff\u00ff\u00ff\u00ff"), "The pickle is cut off"],
    ["T10 a text of 2^64 - 1", holding(`\u008d${"\u00ff".repeat(8)}`), "The pickle is cut off"],
    [
      "T12 a shape larger than the data",
      holding(array(tuple(int(3)), dtype("i4", "<"), bytes("12345678"))),
      "[3] of <i4 takes 12 bytes, 8 are there.",
    ],
    [
      "T13 a negative length",
      holding(array(tuple("J\u00ff\u00ff\u00ff\u00ff"), dtype("i4", "<"), bytes(""))),
      "sets a state",
    ],
    ["T15 arrays, then a broken pickle", objects(`${proto}${objectArray(")", x)}`), "The pickle is cut off"],
    [
      "T15 arrays, then another pickle",
      objects(`${proto}${objectArray(")", "}")}.${proto}cos\nsystem\n.`),
      "bytes follow after the end",
    ],
    ["T16 a buffer out of band", holding("\u0097"), "uses the opcode 0x97"],
    ["protocol 0", objects("(dp0\n."), "uses the opcode 0x64"],
    ["protocol 6", objects("\u0080\u0006N."), "is of protocol 6; 2 to 5 are read"],
    ["no array", objects(`${proto}}.`), "contains no array"],
    [
      "another shape than the header's",
      objects(`${proto}${objectArray(tuple(int(2)), x, y)}.`, "(3,)"),
      "whose shape is not that of the header",
    ],
    [
      "fewer objects than the shape says",
      objects(`${proto}${objectArray(tuple(int(3)), x, y)}.`, "(3,)"),
      "objects in rows and columns",
    ],
    [
      "fewer numbers than the shape says",
      objects(`${proto}${objectArray(tuple(int(3)), int(1))}.`, "(3,)"),
      "1 objects for another shape",
    ],
    [
      "arrays in rows and columns",
      objects(`${proto}${objectArray(tuple(int(1), int(1)), x)}.`, "(1, 1)"),
      "objects in rows and columns",
    ],
    ["a text as tensor", holding(text("hello")), 'contains something other than an array in "x"'],
    ["None as tensor", holding(none), 'contains something other than an array in "x"'],
    ["a dictionary in a dictionary", holding("}"), 'contains something other than an array in "x"'],
    ["an array that has no state", holding(reconstruct), 'contains something other than an array in "x"'],
    [
      "keys that are not strings",
      objects(`${proto}${objectArray(")", `}(${int(1)}${x}u`)}.`),
      "keys are not all strings",
    ],
    [
      "a key twice",
      objects(`${proto}${objectArray(")", `}(${text("x")}${x}${text("x")}${y}u`)}.`),
      'the key "x" twice',
    ],
    [
      "a key without a value",
      objects(`${proto}${objectArray(")", `}(${text("x")}u`)}.`),
      "sets items of something that is not a dictionary",
    ],
    ["items of a list", holding(`](${text("x")}${x}u`), "sets items of something that is not a dictionary"],
    ["an append to a dictionary", holding("}Na"), "appends to something that is not a list"],
    ["complex numbers", holding(array(")", dtype("c8", "<"), bytes("12345678"))), "is complex"],
    ["a bool of 2", holding(array(")", dtype("b1", "|"), bytes("\u0002"))), "bools are 0 or 1"],
  ])("%s", (_, file, sentence) => {
    const error = refusal(file);
    expect(error.message).toContain(sentence);
    expect(error.code).toMatch(/^E_(OBJECT|SIZE|DTYPE)$/);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(file.length);
  });

  test("and names an alternative", () => {
    expect(refusal(holding(reduce("os", "system", text("id")))).message).toBe(
      'The pickle in the file names "os.system", which Python would run. A pickle can run code, so only pickled ' +
        "lists and dictionaries of NumPy arrays are read. Save with np.savez or safetensors.",
    );
  });
});

describe("limits", () => {
  test("one array 4,097 times", () => {
    const many = objects(`${proto}${objectArray(tuple("M\u0001\u0010"), `${x}q\0`, "h\0".repeat(4096))}.`, "(4097,)");
    expect(refusal(many).message).toContain("4097 values; at most 4096 are read");
  });

  test("an array of 1 MB 4,096 times", () => {
    const megabyte = `B\0\0\u0010\0${"x".repeat(2 ** 20)}`;
    const large = array(tuple("J\0\0\u0010\0"), dtype("i1", "|"), megabyte);
    const many = objects(`${proto}${objectArray(tuple("M\0\u0010"), `${large}q\0`, "h\0".repeat(4095))}.`, "(4096,)");
    const start = performance.now();
    expect(refusal(many).code).toBe("E_BOMB");
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("a text converted to bytes a million times", () => {
    const long = `X\0\0\u0010\0${"x".repeat(2 ** 20)}`;
    const start = `${proto}${global("_codecs", "encode")}q\0${tuple(long, text("latin1"))}q\u0001R`;
    const start0 = performance.now();
    expect(refusal(objects(`${start}${"h\0h\u0001R".repeat(1e6)}.`)).message).toContain("in a way that NumPy does not");
    expect(performance.now() - start0).toBeLessThan(5000);
  });

  test("more steps than any list of arrays needs", () => {
    expect(refusal(objects(`${proto}${"N".repeat(2 ** 22)}.`)).message).toContain("too many steps");
  });
});

/** Files that `np.save` writes for pickled values, in each protocol. */
const numpyScript = `
import pickle
from collections import OrderedDict
x = np.array([1, -2, 3], dtype="i4")
y = np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3))
def save(value, protocol=None):
    file = io.BytesIO()
    if protocol is None:
        np.save(file, value)
    else:
        array = np.asanyarray(value, dtype=object)
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
        pickle.dump(array, file, protocol=protocol)
    send(file.getvalue())
both = np.empty(2, dtype=object)
both[:] = [x, y]
for protocol in (None, 2, 3, 4, 5):
    save(both, protocol)
    save({"x": x, "y": y}, protocol)
    save(OrderedDict(x=x, half=np.float16(0.5), yes=np.bool_(True), seven=7), protocol)
    save(np.array([[1, 2], [3, 2 ** 40]], dtype=object), protocol)
class Attack:
    def __reduce__(self):
        return __import__("os").system, ("echo attacked >&2",)
for protocol in (None, 2, 3, 4, 5):
    save({"x": Attack()}, protocol)
`;

describe.skipIf(!hasNumpy)(`of real NumPy${ifNoNumpy}`, () => {
  const files = hasNumpy ? runNumpy(numpyScript) : [];
  const [read, attacks] = [files.slice(0, 20), files.slice(20)];
  const one: FileTensor = { dtype: "I32", shape: [3], data: Int32Array.of(1, -2, 3) };
  const two: FileTensor = { dtype: "F64", shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) };

  test.each([0, 1, 2, 3, 4])("lists, dictionaries and numbers are read (protocol %i of default, 2, 3, 4, 5)", (i) => {
    expect(read.slice(4 * i, 4 * i + 4).map((file) => readNpyFile(file))).toEqual([
      contents("list", ["arr_0", one], ["arr_1", two]),
      contents("dictionary", ["x", one], ["y", two]),
      contents(
        "dictionary",
        ["x", one],
        ["half", { dtype: "F16", shape: [], data: Uint16Array.of(0x3800) }],
        ["yes", { dtype: "BOOL", shape: [], data: Uint8Array.of(1) }],
        ["seven", { dtype: "I64", shape: [], data: BigInt64Array.of(7n) }],
      ),
      contents("tensor", ["data", { dtype: "I64", shape: [2, 2], data: BigInt64Array.of(1n, 2n, 3n, 2n ** 40n) }]),
    ]);
  });

  test("a pickle that would run os.system is refused in every protocol", () => {
    expect(attacks.length).toBe(5);
    for (const file of attacks) {
      const { code, message } = refusal(file);
      expect([code, message]).toEqual(["E_OBJECT", expect.stringMatching(/names "(posix|nt)\.system", which Python/)]);
    }
  });
});

describe("damage", () => {
  /** `npm run test:full` tries a hundred times as many cases. */
  const times = import.meta.env.WEIGHTROOM_FULL ? 100 : 1;

  function readOrRefuse(file: Uint8Array): "read" | "refused" {
    try {
      readNpyFile(file);
      return "read";
    } catch (error) {
      if (error instanceof FormatError) return "refused";
      throw error;
    }
  }

  test("at every length, a cut file is refused", () => {
    for (const file of [list, dictionary]) {
      for (let size = 0; size < file.length; size++)
        expect([size, readOrRefuse(file.subarray(0, size))]).toEqual([size, "refused"]);
    }
  });

  test("at every bit, a flip is read or refused with a FormatError", () => {
    for (const file of [list, dictionary]) {
      for (let bit = 0; bit < file.length * 8; bit++) {
        const flipped = file.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        readOrRefuse(flipped);
      }
    }
  });

  test("opcodes in any order yield a value or a FormatError", () => {
    const known = [
      global("numpy", "dtype"),
      global("_codecs", "encode"),
      global("collections", "OrderedDict"),
      global("numpy.core.multiarray", "scalar"),
      global("numpy.core.numeric", "_frombuffer"),
    ];
    const values = [int(1), text("x"), bytes("12345678"), "G12345678", reconstruct, x, dtype("f4", "<")];
    const opcodes = Array.from("N(t])}aesuRb\u0085\u0086\u0087\u0088\u0093\u0094");
    const piece = fc.constantFrom("q\0", "h\0", ...known, ...values, ...opcodes);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const pickle = latin1(`${proto}${pieces.join("")}.`);
        try {
          readPickle(pickle, 0);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
        readOrRefuse(objects(`${proto}${objectArray(")", pieces.join(""))}.`));
      }),
      { numRuns: 5000 * times },
    );
  }, 600_000);

  test("any bytes at all are read or refused with a FormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
        const pickle = Buffer.from(noise).toString("latin1");
        readOrRefuse(objects(pickle));
        readOrRefuse(objects(`${proto}${pickle}.`));
      }),
      { numRuns: 3000 * times },
    );
  }, 600_000);
});
