import fc from "fast-check";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FormatError } from "../base/errors";
import { hasNumpy, ifNoNumpy, runNumpy } from "../testing/numpy";
import type { FileTensor } from "./fileFormat";
import { writeNpy } from "./npy";
import { readNpz, writeNpz } from "./npz";
import { crc32 } from "./zip/crc32";

type Bytes = Uint8Array | string;

function join(...parts: Bytes[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))));
}

const u16 = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const u64 = (value: number | bigint) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
const signature = (a: number, b: number) => join("PK", Uint8Array.of(a, b));

/** Fields of a member's header. Each of them can be false. */
interface Header {
  name?: Bytes;
  flags?: number;
  method?: number;
  crc?: number;
  packedSize?: number;
  size?: number;
  extra?: Uint8Array;
}

interface Member extends Header {
  /** Packed bytes. Defaults to `content` packed by `method`. */
  content: Uint8Array;
  packed?: Uint8Array;
  /** Fields of the local header that differ from the directory. */
  local?: Header;
  descriptor?: Uint8Array;
  /** Offset according to the directory. */
  offset?: number;
  /** Bytes between the member and the next part. */
  gap?: Uint8Array;
}

/** False statements about the whole file. */
interface Lies {
  prefix?: string;
  count?: number;
  disk?: number;
  directoryAt?: number;
  directorySize?: number;
  comment?: Bytes;
  trailing?: string;
  zip64?: "honest" | "lying";
}

function fieldsOf(header: Required<Header>): Uint8Array {
  const { name, flags, method, crc, packedSize, size, extra } = header;
  const lengths = [u16(join(name).length), u16(extra.length)];
  return join(u16(20), u16(flags), u16(method), u32(0), u32(crc), u32(packedSize), u32(size), ...lengths);
}

function zip(members: Member[], lies: Lies = {}): Uint8Array {
  let body: Uint8Array = join(lies.prefix ?? "");
  let directory: Uint8Array = new Uint8Array();
  for (const member of members) {
    const { content, descriptor = new Uint8Array(), gap = new Uint8Array(), local, method = 0, offset } = member;
    const packed = member.packed ?? (method === 8 ? new Uint8Array(deflateRawSync(content)) : content);
    const honest = {
      name: "x.npy",
      flags: 0,
      method,
      crc: crc32(content),
      packedSize: packed.length,
      size: content.length,
    };
    const listed: Required<Header> = { ...honest, extra: new Uint8Array(), ...member };
    const own: Required<Header> = { ...listed, ...local };
    const at = offset ?? body.length;
    body = join(body, signature(3, 4), fieldsOf(own), own.name, own.extra, packed, descriptor, gap);
    const place = [u16(0), u16(0), u16(0), u32(0), u32(at)];
    directory = join(directory, signature(1, 2), u16(20), fieldsOf(listed), ...place, listed.name, listed.extra);
  }
  const count = lies.count ?? members.length;
  const comment = join(lies.comment ?? "");
  const [from, size] = [lies.directoryAt ?? body.length, lies.directorySize ?? directory.length];
  const end64 =
    lies.zip64 &&
    join(
      join(signature(6, 6), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count), u64(size)),
      join(u64(lies.zip64 === "lying" ? from + 1 : from)),
      join(signature(6, 7), u32(0), u64(body.length + directory.length), u32(1)),
    );
  const narrow = lies.zip64 ? [u16(0xffff), u16(0xffff), u32(0xffffffff), u32(0xffffffff)] : undefined;
  const wide = [u16(count), u16(count), u32(size), u32(from)];
  const end = join(signature(5, 6), u16(lies.disk ?? 0), u16(lies.disk ?? 0), ...(narrow ?? wide));
  return join(body, directory, end64 || "", end, u16(comment.length), comment, lies.trailing ?? "");
}

const tensor: FileTensor = { dtype: "F32", shape: [4], data: new Float32Array([1, 2, 3, 4]) };
const content = writeNpy(tensor);
const zeros = (bytes: number) => writeNpy({ dtype: "U8", shape: [bytes], data: new Uint8Array(bytes) });
const basic = zip([{ content }]);
const crc = crc32(content);
const packed = new Uint8Array(deflateRawSync(content));
/** The same file, declared to contain objects. */
const objects = content.map((byte, at) => "'|O' ".charCodeAt(at - 20) || byte);
const zip64Extra = (...values: number[]) => join(u16(1), u16(8 * values.length), ...values.map(u64));
/** Length of a local header and of the name `x.npy` before the bytes of the member. */
const headerBytes = 35;
const named = (name: string, text = "x") => ({ name, content: text === "x" ? content : join(text) });

/**
 * As in Fifield's "A better zip bomb": the deflate stream of the first member quotes the header of the second and
 * continues as its content.
 */
function quotedBomb(): Uint8Array {
  const second: Member = { name: "b.npy", content: zeros(1000), method: 8 };
  const header = zip([second]).subarray(0, headerBytes);
  const quote = Uint8Array.of(0, headerBytes, 0, ~headerBytes & 0xff, 0xff);
  const packedSize = quote.length + headerBytes + deflateRawSync(second.content).length;
  const first: Member = { name: "a.npy", content: join(header, second.content), method: 8, packed: quote, packedSize };
  return zip([first, second]);
}

async function refusal(bytes: Uint8Array): Promise<FormatError> {
  try {
    await readNpz(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("refuses", () => {
  test.each<[string, string, string, Uint8Array]>([
    [
      "Z01 a wrong checksum of a stored member",
      "E_ZIP",
      '"x.npy" is damaged: its checksum does not match.',
      zip([{ content, crc: crc ^ 1 }]),
    ],
    [
      "Z02 a wrong checksum of a deflated member",
      "E_ZIP",
      '"x.npy" is damaged: its checksum does not match.',
      zip([{ content, crc: crc ^ 1, method: 8 }]),
    ],
    [
      "Z03 more bytes than declared",
      "E_ZIP",
      '"x.npy" unpacks to more than 100 bytes.',
      zip([{ content, size: 100, method: 8 }]),
    ],
    [
      "Z03 200 MB behind 1 MB",
      "E_ZIP",
      '"x.npy" unpacks to more than 1000000 bytes.',
      zip([{ content: zeros(2e8), size: 1e6, method: 8 }]),
    ],
    [
      "Z03 more bytes than declared, stored",
      "E_ZIP",
      '"x.npy" cannot unpack from 144 bytes to 100.',
      zip([{ content, size: 100 }]),
    ],
    [
      "Z04 fewer bytes than declared",
      "E_ZIP",
      '"x.npy" unpacks to 144 bytes, not to 145.',
      zip([{ content, size: content.length + 1, method: 8 }]),
    ],
    [
      "Z04 4 GiB declared",
      "E_ZIP",
      '"x.npy" cannot unpack from 87 bytes to 4294967294.',
      zip([{ content, size: 0xfffffffe, method: 8 }]),
    ],
    [
      "Z05 two names",
      "E_ZIP",
      '"x.npy" has another name in its own header.',
      zip([{ content, local: { name: "y.npy" } }]),
    ],
    [
      "Z05 two names of two lengths",
      "E_ZIP",
      '"x.npy" has another name in its own header.',
      zip([{ content, local: { name: "xy.npy" } }]),
    ],
    [
      "Z06 two methods",
      "E_ZIP",
      '"x.npy" differs between its own header and the directory.',
      zip([{ content, local: { method: 8 } }]),
    ],
    [
      "Z06 two checksums",
      "E_ZIP",
      '"x.npy" differs between its own header and the directory.',
      zip([{ content, local: { crc: 0 } }]),
    ],
    [
      "Z06 two sizes",
      "E_ZIP",
      '"x.npy" differs between its own header and the directory.',
      zip([{ content, local: { size: 1 } }]),
    ],
    [
      "Z06 two sets of flags",
      "E_ZIP",
      '"x.npy" differs between its own header and the directory.',
      zip([{ content, local: { flags: 2 } }]),
    ],
    [
      "Z07 method 99",
      "E_ZIP",
      '"x.npy" is packed by method 99; 0 (stored) and 8 (deflated) are read.',
      zip([{ content, method: 99, packed: content }]),
    ],
    [
      "Z07 method 12",
      "E_ZIP",
      '"x.npy" is packed by method 12; 0 (stored) and 8 (deflated) are read.',
      zip([{ content, method: 12, packed: content }]),
    ],
    ["Z08 the flag for encryption", "E_ZIP", '"x.npy" is encrypted.', zip([{ content, flags: 1 }])],
    [
      "Z08 the flag for strong encryption",
      "E_ZIP",
      '"x.npy" has flags 0x40, which are not supported.',
      zip([{ content, flags: 0x40 }]),
    ],
    [
      "Z08 the flag for masked headers",
      "E_ZIP",
      '"x.npy" has flags 0x2000, which are not supported.',
      zip([{ content, flags: 0x2000 }]),
    ],
    [
      "Z09 an end record cut off",
      "E_ZIP",
      "The file should end with a zip's end record: it is cut off, or something follows.",
      basic.subarray(0, -1),
    ],
    [
      "Z09 no end record",
      "E_ZIP",
      "The file should end with a zip's end record: it is cut off, or something follows.",
      basic.subarray(0, -22),
    ],
    [
      "Z09 an empty file",
      "E_ZIP",
      "The file should end with a zip's end record: it is cut off, or something follows.",
      new Uint8Array(),
    ],
    [
      "Z10 an end record in a comment",
      "E_ZIP",
      "The directory should end at byte 252, not at 0.",
      zip([{ content }], { comment: zip([]) }),
    ],
    [
      "Z10 a comment",
      "E_ZIP",
      "The file should end with a zip's end record: it is cut off, or something follows.",
      zip([{ content }], { comment: "hello" }),
    ],
    [
      "Z11 more members than there are",
      "E_ZIP",
      "The directory should list another member here.",
      zip([{ content }], { count: 2 }),
    ],
    [
      "Z11 fewer members than there are",
      "E_ZIP",
      "The directory should end here, after 0 members.",
      zip([{ content }], { count: 0 }),
    ],
    [
      "Z12 a directory beyond the file",
      "E_ZIP",
      "The directory should end at byte 230, not at 1000000051.",
      zip([{ content }], { directoryAt: 1e9 }),
    ],
    [
      "Z12 a directory of another length",
      "E_ZIP",
      "The directory should end at byte 230, not at 180.",
      zip([{ content }], { directorySize: 1 }),
    ],
    ["Z13 a member beyond the file", "E_ZIP", '"x.npy" leaves a gap before it.', zip([{ content, offset: 1e9 }])],
    [
      "Z13 a member without a header",
      "E_ZIP",
      '"x.npy" reaches into what follows it.',
      zip([{ content }, { ...named("y.npy"), offset: 40 }]),
    ],
    [
      "Z14 two entries for one member",
      "E_ZIP",
      '"x.npy" reaches into what follows it.',
      zip([{ content }, { content, offset: 0 }]),
    ],
    [
      "Z15 bytes before the first member",
      "E_ZIP",
      '"x.npy" leaves a gap before it.',
      zip([{ content }], { prefix: "GIF89a" }),
    ],
    [
      "Z15 bytes before it that the offsets ignore",
      "E_ZIP",
      "The directory should end at byte 236, not at 230.",
      join("GIF89a", basic),
    ],
    [
      "Z15 a gap between members",
      "E_ZIP",
      '"y.npy" leaves a gap before it.',
      zip([{ content, gap: join("hidden") }, named("y.npy")]),
    ],
    [
      "Z15 a gap before the directory",
      "E_ZIP",
      "The bytes 179 to 185 belong to no member.",
      zip([{ content, gap: join("hidden") }]),
    ],
    [
      "Z16 bytes after the end",
      "E_ZIP",
      "The file should end with a zip's end record: it is cut off, or something follows.",
      zip([{ content }], { trailing: "#!/bin/sh" }),
    ],
    ["Z16 another zip after the end", "E_ZIP", "The directory should end at byte 482, not at 230.", join(basic, basic)],

    [
      "Z17 200 MB of zeros",
      "E_BOMB",
      "more than 100 times as many. Save it uncompressed.",
      zip([{ content: zeros(2e8), method: 8 }]),
    ],
    [
      "Z17 3 x 1 MB of zeros",
      "E_BOMB",
      "more than 100 times as many. Save it uncompressed.",
      zip(["a", "b", "c"].map((name) => ({ name: `${name}.npy`, content: zeros(1e6), method: 8 }))),
    ],
    [
      "Z18 65,000 members",
      "E_BOMB",
      "The file says it has 65000 members; at most 4096 are read.",
      zip([], { count: 65_000 }),
    ],
    [
      "Z18 4,097 members",
      "E_BOMB",
      "The file says it has 4097 members; at most 4096 are read.",
      zip(Array.from({ length: 4097 }, (_, i) => ({ name: `${i}.npy`, content: new Uint8Array() }))),
    ],

    ["Z19 a name twice", "E_NAME", 'The name "x" occurs twice.', zip([{ content }, { content }])],
    ["Z20 a path upwards", "E_NAME", 'The name "../../a.npy" has . or .. as a folder.', zip([named("../../a.npy")])],
    [
      "Z20 a parent folder in the middle of a path",
      "E_NAME",
      'The name "a/../../b.npy" has . or .. as a folder.',
      zip([named("a/../../b.npy")]),
    ],
    [
      "Z20 a parent folder with backslashes",
      "E_NAME",
      'The name "..\\\\a.npy" is not a path within the file.',
      zip([named("..\\a.npy")]),
    ],
    ["Z20 a folder .", "E_NAME", 'The name "./a.npy" has . or .. as a folder.', zip([named("./a.npy")])],
    [
      "Z20 a folder without a name",
      "E_NAME",
      'The name "a//b.npy" has a folder without a name.',
      zip([named("a//b.npy")]),
    ],
    [
      "Z21 an absolute path",
      "E_NAME",
      'The name "/etc/a.npy" is not a path within the file.',
      zip([named("/etc/a.npy")]),
    ],
    [
      "Z21 an absolute path on a drive",
      "E_NAME",
      'The name "C:/a.npy" is not a path within the file.',
      zip([named("C:/a.npy")]),
    ],
    [
      "Z22 a NUL in a name",
      "E_NAME",
      'The name "a.npy\\u0000.npy" contains a control character.',
      zip([named("a.npy\0.npy")]),
    ],
    [
      "Z22 a line feed in a name",
      "E_NAME",
      'The name "a\\n.npy" contains a control character.',
      zip([named("a\n.npy")]),
    ],
    [
      "Z23 a text file",
      "E_MEMBER",
      '"read.me" is not a .npy file, and a .npz file may contain nothing else.',
      zip([named("read.me", "hello")]),
    ],
    [
      "Z24 a .npz in a .npz",
      "E_MEMBER",
      '"a.npz" is not a .npy file, and a .npz file may contain nothing else.',
      zip([{ name: "a.npz", content: basic }]),
    ],
    [
      "Z25 a folder",
      "E_MEMBER",
      '"a/" is not a .npy file, and a .npz file may contain nothing else.',
      zip([{ name: "a/", content: new Uint8Array() }]),
    ],
    [
      "Z26 an empty member",
      "E_MEMBER",
      '"x.npy": A .npy file begins with the byte 0x93 and NUMPY.',
      zip([{ content: new Uint8Array() }]),
    ],
    [
      "Z27 a .npy that is cut off",
      "E_MEMBER",
      '"x.npy": [4] of <f4 takes 16 bytes, 15 are there.',
      zip([{ content: content.subarray(0, -1) }]),
    ],
    [
      "Z27 a .npy that is cut off, deflated",
      "E_MEMBER",
      '"x.npy": [4] of <f4 takes 16 bytes, 15 are there.',
      zip([{ content: content.subarray(0, -1), method: 8 }]),
    ],
    [
      "Z28 objects",
      "E_MEMBER",
      '"x.npy": The array contains pickled Python objects, which can run code. Save with np.savez or safetensors.',
      zip([{ content: objects }]),
    ],
    [
      "Z29 a name without .npy",
      "E_MEMBER",
      '"x" is not a .npy file, and a .npz file may contain nothing else.',
      zip([named("x")]),
    ],
    [
      "a name that is neither ASCII nor marked",
      "E_NAME",
      "A member's name is neither ASCII nor marked as UTF-8.",
      zip([named("\u6743\u91cd.npy")]),
    ],
    [
      "a name that is not UTF-8",
      "E_NAME",
      "A member's name is not UTF-8.",
      zip([{ content, flags: 0x800, name: join(Uint8Array.of(0xff), ".npy") }]),
    ],
    [
      "a second name in an extra field",
      "E_NAME",
      "A member has a second name, for readers that know this field.",
      zip([{ content, extra: join(u16(0x7075), u16(6), "\u0001....y") }]),
    ],

    [
      "Z36 zip64 with two end records",
      "E_ZIP",
      "The directory should end at byte 230, not at 231.",
      zip([{ content }], { zip64: "lying" }),
    ],
    [
      "Z36 zip64 sizes that are not needed",
      "E_ZIP",
      "The directory has more values for a member than it needs.",
      zip([{ content, extra: zip64Extra(content.length) }]),
    ],
    [
      "Z36 zip64 sizes beyond the file",
      "E_ZIP",
      '"x.npy" cannot unpack from 87 bytes to 1099511627776.',
      zip([{ content, size: 0xffffffff, extra: zip64Extra(2 ** 40), method: 8 }]),
    ],
    [
      "Z36 a zip64 offset beyond the file",
      "E_ZIP",
      '"x.npy" leaves a gap before it.',
      zip([{ content, offset: 0xffffffff, extra: zip64Extra(2 ** 63) }]),
    ],
    [
      "Z36 zip64 sizes that contradict the header",
      "E_ZIP",
      '"x.npy" has two different sizes in its own header.',
      zip([{ content, local: { extra: zip64Extra(content.length, 1) } }]),
    ],
    [
      "Z36 one zip64 size instead of two",
      "E_ZIP",
      '"x.npy" has two different sizes in its own header.',
      zip([{ content, local: { size: 0xffffffff, extra: zip64Extra(content.length) } }]),
    ],
    [
      "Z36 a locator without an end record",
      "E_ZIP",
      "The zip64 end record should be directly before its locator.",
      join(basic.subarray(0, -22), signature(6, 7), u32(0), u64(0), u32(1), basic.subarray(-22)),
    ],
    [
      "Z36 a zip64 field cut off",
      "E_ZIP",
      "A member's extra fields are cut off.",
      zip([{ content, extra: join(u16(1), u16(16), u64(1)) }]),
    ],
    [
      "Z36 a zip64 field of 7 bytes",
      "E_ZIP",
      "A member's zip64 field is malformed.",
      zip([{ content, extra: join(u16(1), u16(7), "1234567") }]),
    ],
    [
      "Z37 a false data descriptor",
      "E_ZIP",
      '"x.npy" should be followed by its checksum and sizes, and nothing else.',
      zip([{ content, flags: 8, descriptor: join(u32(crc), u32(1), u32(1)) }]),
    ],
    [
      "Z37 a missing data descriptor",
      "E_ZIP",
      '"x.npy" should be followed by its checksum and sizes, and nothing else.',
      zip([{ content, flags: 8 }]),
    ],
    [
      "Z37 an unannounced data descriptor",
      "E_ZIP",
      "The bytes 179 to 191 belong to no member.",
      zip([{ content, descriptor: join(u32(crc), u32(content.length), u32(content.length)) }]),
    ],
    [
      "Z38 two disks",
      "E_ZIP",
      "The zip is spread over several disks, which is not supported.",
      zip([{ content }], { disk: 1 }),
    ],
    ["Z39 members that quote each other", "E_ZIP", '"a.npy" reaches into what follows it.', quotedBomb()],
    [
      "deflate that is cut off",
      "E_ZIP",
      '"x.npy" is damaged.',
      zip([{ content, method: 8, packed: packed.subarray(0, -3) }]),
    ],
    [
      "deflate that is damaged",
      "E_ZIP",
      '"x.npy" is damaged.',
      zip([{ content, method: 8, packed: packed.map((byte) => byte ^ 0xff) }]),
    ],
    [
      "a member that reaches into the directory",
      "E_ZIP",
      '"x.npy" reaches into what follows it.',
      zip([{ content, packedSize: content.length + 9, size: content.length + 9 }]),
    ],
  ])("%s: %s", async (_, code, sentence, bytes) => {
    const start = performance.now();
    const error = await refusal(bytes);
    const duration = performance.now() - start;
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(sentence)]);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    // Takes less than 50 ms on an idle machine; the bound only detects a hang.
    expect(duration).toBeLessThan(3000);
  });
});

/** By the standard, bytes after the end of a deflate stream are an error; some versions of Node ignore them. */
async function seesDeflateEnd(): Promise<boolean> {
  const source = new Blob([join(packed, "junk") as Uint8Array<ArrayBuffer>]).stream();
  const stream = source.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer().then(
    () => false,
    () => true,
  );
}

const seesEnd = await seesDeflateEnd();
const ifLenient = seesEnd ? "" : " (skipped: this Node's DecompressionStream passes over them)";
test.skipIf(!seesEnd)(`refuses bytes after the end of a deflate stream${ifLenient}`, async () => {
  const error = await refusal(zip([{ content, method: 8, packed: join(packed, "junk") }]));
  expect([error.code, error.message]).toEqual(["E_ZIP", '"x.npy" is damaged.']);
});

describe("reports place and problem in a plain sentence", () => {
  test.each<[string, Uint8Array, string, number, string]>([
    [
      "a checksum",
      zip([{ content, crc: 1 }]),
      "E_ZIP",
      headerBytes,
      '"x.npy" is damaged: its checksum does not match.',
    ],
    [
      "a bomb",
      zip([{ content: zeros(2e6), method: 8 }]),
      "E_BOMB",
      0,
      expect.stringMatching(
        /^The file would unpack \d+ bytes to 2000128, more than 100 times as many\. Save it uncompressed\.$/,
      ) as string,
    ],
    ["a name", zip([named("../a.npy")]), "E_NAME", headerBytes + 3, 'The name "../a.npy" has . or .. as a folder.'],
    [
      "a cut member",
      zip([{ content: content.subarray(0, -3) }]),
      "E_MEMBER",
      headerBytes + content.length - 3,
      '"x.npy": [4] of <f4 takes 16 bytes, 13 are there.',
    ],
    [
      "objects",
      zip([{ content: objects }]),
      "E_MEMBER",
      headerBytes + 20,
      '"x.npy": The array contains pickled Python objects, which can run code. Save with np.savez or safetensors.',
    ],
  ])("%s", async (_, bytes, code, offset, message) => {
    const error = await refusal(bytes);
    expect([error.code, error.offset, error.message]).toEqual([code, offset, message]);
  });
});

describe("accepts", () => {
  const x: [string, FileTensor] = ["x", tensor];
  const tensorsOf = async (bytes: Uint8Array) => [...(await readNpz(bytes)).tensors];

  test("Z30 the name __proto__, treated as any other name", async () => {
    expect(await tensorsOf(zip([named("__proto__.npy")]))).toEqual([["__proto__", tensor]]);
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
  });
  test("Z31 stored members, in the order of the directory", async () => {
    expect(await tensorsOf(zip([named("b.npy"), named("a/0.npy"), named(".npy")]))).toEqual([
      ["b", tensor],
      ["a/0", tensor],
      ["", tensor],
    ]);
  });
  test("Z32 deflated members", async () => {
    expect(await tensorsOf(zip([{ content, method: 8, flags: 2 }]))).toEqual([x]);
  });
  test("Z34 an empty archive", async () => {
    expect(await readNpz(zip([]))).toEqual({ tensors: new Map(), metadata: new Map() });
  });
  test("Z35 a name in Chinese, marked as UTF-8", async () => {
    expect(await tensorsOf(zip([{ ...named("\u6743\u91cd.npy"), flags: 0x800 }]))).toEqual([["\u6743\u91cd", tensor]]);
  });
  test("Z36 zip64 in headers, directory and end", async () => {
    const size = content.length;
    const wide = { size: 0xffffffff, packedSize: 0xffffffff, extra: zip64Extra(size, size) };
    expect(await tensorsOf(zip([{ content, local: wide }]))).toEqual([x]);
    expect(await tensorsOf(zip([{ content, ...wide }]))).toEqual([x]);
    expect(
      await tensorsOf(zip([{ content, ...wide, offset: 0xffffffff, extra: zip64Extra(size, size, 0), local: wide }])),
    ).toEqual([x]);
    expect(await tensorsOf(zip([{ content }], { zip64: "honest" }))).toEqual([x]);
  });
  test("Z37 data descriptors of every width, with a signature and without", async () => {
    const size = content.length;
    const later = { crc: 0, size: 0, packedSize: 0 };
    const narrow = join(u32(crc), u32(size), u32(size));
    const wide = join(u32(crc), u64(size), u64(size));
    for (const descriptor of [narrow, wide, join(signature(7, 8), narrow), join(signature(7, 8), wide)])
      expect(await tensorsOf(zip([{ content, flags: 8, local: later, descriptor }, named("y.npy")]))).toEqual([
        x,
        ["y", tensor],
      ]);
    expect(await tensorsOf(zip([{ content, flags: 8, descriptor: narrow }]))).toEqual([x]);
  });
  test("times and other extra fields, and a directory in a different order from the members", async () => {
    const first = { ...named("a.npy"), extra: join(u16(0x5455), u16(5), "12345") };
    const second = named("b.npy");
    const straight = zip([first, second]);
    expect(await tensorsOf(straight)).toEqual([
      ["a", tensor],
      ["b", tensor],
    ]);
    const directory = straight.length - 22 - 2 * 51 - 9;
    const [one, two, end] = [
      straight.subarray(directory, directory + 60),
      straight.subarray(directory + 60, -22),
      straight.subarray(-22),
    ];
    expect(await tensorsOf(join(straight.subarray(0, directory), two, one, end))).toEqual([
      ["b", tensor],
      ["a", tensor],
    ]);
  });
  test("900 KB of zeros in 1 KB: below 1 MiB there is no limit", async () => {
    expect((await tensorsOf(zip([{ content: zeros(9e5), method: 8 }])))[0]![1].data.length).toBe(9e5);
  });
  test("a stored member of 100 MB, as a view", async () => {
    const bytes = zip([{ content: zeros(1e8) }]);
    const [[, large]] = (await tensorsOf(bytes)) as [[string, FileTensor]];
    expect(large.data.buffer).toBe(bytes.buffer);
  });
});

const sample = new Map<string, FileTensor>([
  ["hidden/kernel", { dtype: "F32", shape: [2, 3], data: new Float32Array([1, -2.5, 3e38, NaN, -0, 1e-40]) }],
  ["\u6743\u91cd", { dtype: "F64", shape: [1], data: new Float64Array([0.1]) }],
  ["steps", { dtype: "I32", shape: [], data: Int32Array.of(-7) }],
  ["mask", { dtype: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ["__proto__", { dtype: "I64", shape: [1], data: BigInt64Array.of(-5n) }],
  ["empty", { dtype: "F32", shape: [0, 4], data: new Float32Array() }],
]);

describe("writing", () => {
  test("is read back unchanged, in order, and written again as the same bytes", async () => {
    const bytes = writeNpz(sample);
    const { tensors } = await readNpz(bytes);
    expect([...tensors]).toEqual([...sample]);
    expect(writeNpz(tensors)).toEqual(bytes);
    expect(writeNpz(new Map([["x", tensor]]))).not.toEqual(basic);
  });

  test.each(["../x", "/x", "a\\b", "C:x", "a/./b", "a//b", "a\0", "\ud800"])("refuses the name %j", (name) => {
    expect(() => writeNpz(new Map([[name, tensor]]))).toThrow(
      /expected a name for a file, got one that .* Use \.safetensors\.$/,
    );
  });

  test("refuses a dtype that NumPy lacks, and more tensors than the reader accepts", () => {
    const brain: FileTensor = { dtype: "BF16", shape: [0], data: new Uint16Array() };
    expect(() => writeNpz(new Map([["w", brain]]))).toThrow('.npz, tensor "w": expected a dtype of BOOL');
    const many = new Map(Array.from({ length: 4097 }, (_, i) => [`${i}`, tensor]));
    expect(() => writeNpz(many)).toThrow("expected at most 4096 tensors and 1073741824 bytes, got 4097 tensors");
  });
});

describe("damage", () => {
  /** `npm run test:full` tries a hundred times as many cases. */
  const times = import.meta.env.WEIGHTROOM_FULL ? 100 : 1;
  const files = [
    writeNpz(sample),
    zip(
      [
        { content, method: 8 },
        { ...named("y.npy"), flags: 8, descriptor: join(u32(crc), u64(content.length), u64(content.length)) },
      ],
      { zip64: "honest" },
    ),
  ];

  async function readOrRefuse(damaged: Uint8Array): Promise<"read" | "refused"> {
    try {
      await readNpz(damaged);
      return "read";
    } catch (error) {
      if (error instanceof FormatError) return "refused";
      throw error;
    }
  }

  test("at every length, a cut file is refused", async () => {
    for (const bytes of files) {
      for (let size = 0; size < bytes.length; size++)
        expect([size, await readOrRefuse(bytes.subarray(0, size))]).toEqual([size, "refused"]);
    }
  });

  test("at every bit, a flip is refused with a FormatError, except in fields that no reader uses", async () => {
    for (const bytes of files) {
      const { tensors } = await readNpz(bytes);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        if ((await readOrRefuse(flipped)) === "refused") continue;
        // A version, a time or an attribute: the values are bitwise equal.
        expect([bit, [...(await readNpz(flipped)).tensors.values()]]).toEqual([bit, [...tensors.values()]]);
      }
    }
  }, 120_000);

  test("of any kind in headers and directory, at random, is read or refused with a FormatError", async () => {
    const edit = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 8, 0x50, 0x4b, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        async (file, edits) => {
          const damaged = file.slice();
          for (const [place, byte] of edits) damaged[place % damaged.length] = byte;
          await readOrRefuse(damaged);
        },
      ),
      { numRuns: 2000 * times },
    );
  }, 600_000);

  test("any bytes at all are refused with a FormatError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        expect(await readOrRefuse(noise)).toBe("refused");
        await readOrRefuse(join(noise, basic.subarray(-22)));
        await readOrRefuse(join(basic.subarray(0, 100), noise, basic.subarray(100)));
      }),
      { numRuns: 1000 * times },
    );
  }, 600_000);
});

/**
 * Python script that saves the arrays on its input in every way of NumPy; last to a stream, which produces data
 * descriptors.
 */
const numpyScript = `
arrays = dict(np.load(io.BytesIO(received[0])))
class Stream(io.RawIOBase):
    def __init__(self):
        self.parts = []
    def writable(self):
        return True
    def write(self, part):
        self.parts.append(bytes(part))
        return len(part)
for save in (np.savez, np.savez_compressed):
    file = io.BytesIO()
    save(file, **arrays)
    send(file.getvalue())
    stream = Stream()
    save(stream, **arrays)
    send(b"".join(stream.parts))
file = io.BytesIO()
np.savez(file, np.arange(3, dtype="i4"), np.zeros((2, 2)))
send(file.getvalue())
`;

test.skipIf(!hasNumpy)(`Z33 NumPy reads our file, and we read everything that NumPy writes${ifNoNumpy}`, async () => {
  const [stored, streamed, compressed, both, list] = runNumpy(numpyScript, [writeNpz(sample)]);
  for (const file of [stored, streamed, compressed, both])
    expect([...(await readNpz(file!)).tensors]).toEqual([...sample]);
  expect([...(await readNpz(list!)).tensors]).toEqual([
    ["arr_0", { dtype: "I32", shape: [3], data: Int32Array.of(0, 1, 2) }],
    ["arr_1", { dtype: "F64", shape: [2, 2], data: new Float64Array(4) }],
  ]);
});

test("the checksum matches the example of the standard", () => {
  expect(crc32(join("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});
