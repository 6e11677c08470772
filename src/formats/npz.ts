import { ArgumentError, FormatError } from "../base/errors";
import { checkExpansion } from "./expansion";
import type { FileContents, FileFormat, FileTensor } from "./fileFormat";
import { readNpy, writeNpy } from "./npy";
import { hasLoneSurrogate } from "./text/utf8";
import { unpack, writeZip } from "./zip/zip";
import { readZipDirectory, type ZipEntry } from "./zip/zipDirectory";
import { signatures } from "./zip/zipLayout";

const ending = ".npy";

/**
 * Reads a `.npz` file: a zip archive, stored or deflated, with one `.npy` member per tensor, as `np.savez` and
 * `np.savez_compressed` write it. The reader is strict, see `readZipDirectory`, and checks as much as possible before
 * unpacking anything.
 *
 * @throws FormatError with one of the codes E_ZIP E_BOMB E_NAME E_MEMBER.
 */
export async function readNpz(bytes: Uint8Array): Promise<FileContents> {
  const entries = readZipDirectory(bytes);
  const tensors = new Map<string, FileTensor>();
  const names = entries.map((entry) => tensorName(entry));
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0)
    throw new FormatError("E_NAME", entries[twice]!.start, `The name ${JSON.stringify(names[twice])} occurs twice.`);
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  checkExpansion(unpacked, bytes.length, 0);
  for (const [i, entry] of entries.entries()) tensors.set(names[i]!, readMember(await unpack(bytes, entry), entry));
  return { tensors, metadata: new Map() };
}

/** Returns why a member's name could escape the target folder of an unpacker, or undefined. */
function problemOf(name: string): string | undefined {
  if (name.startsWith("/") || name.includes("\\") || /^[A-Za-z]:/.test(name)) return "is not a path within the file";
  const segments = name.split("/");
  if (segments.includes("..") || segments.includes(".")) return "has . or .. as a folder";
  return segments.slice(0, -1).includes("") ? "has a folder without a name" : undefined;
}

function tensorName({ name, start }: ZipEntry): string {
  const problem = problemOf(name);
  if (problem) throw new FormatError("E_NAME", start, `The name ${JSON.stringify(name)} ${problem}.`);
  if (name.endsWith(ending)) return name.slice(0, -ending.length);
  throw new FormatError(
    "E_MEMBER",
    start,
    `${JSON.stringify(name)} is not a .npy file, and a .npz file may contain nothing else.`,
  );
}

/** Reads a member. Errors inside it are reported with their offset in the whole file if the member is stored. */
function readMember(member: Uint8Array, { name, start, deflated }: ZipEntry): FileTensor {
  try {
    return readNpy(member);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const offset = deflated ? start : start + error.offset;
    throw new FormatError("E_MEMBER", offset, `${JSON.stringify(name)}: ${error.message}`);
  }
}

/**
 * Writes a file like `np.savez`: stored members in the order of the tensors. The same tensors always produce the same
 * bytes, because no time is written.
 *
 * @throws ArgumentError for a name that the reader would refuse, or a dtype that NumPy lacks.
 */
export function writeNpz(tensors: ReadonlyMap<string, FileTensor>): Uint8Array<ArrayBuffer> {
  const members = new Map<string, Uint8Array>();
  for (const [name, tensor] of tensors) {
    const at = `.npz, tensor ${JSON.stringify(name)}`;
    const problem = hasLoneSurrogate(name) || /\p{Cc}/u.test(name) ? "has broken characters" : problemOf(name + ending);
    if (problem)
      throw new ArgumentError({
        at,
        expected: "a name for a file",
        got: `one that ${problem}`,
        remedy: "Use .safetensors.",
      });
    members.set(name + ending, writeNpy(tensor, at));
  }
  return writeZip(members, ".npz");
}

export const npz: FileFormat = {
  kind: "npz",
  title: { en: "NumPy archive", zh: "NumPy 归档" },
  description: {
    en: "Named tensors, as written by np.savez: a zip file with one .npy file per tensor.",
    zh: "带名字的多个张量，即 np.savez 写出的文件：每个张量一个 .npy 的 zip。",
  },
  extensions: [".npz"],
  // An archive with members, and an empty one.
  signatures: [signatures.local, signatures.end].map((signature) => [
    0x50,
    0x4b,
    (signature >> 16) & 0xff,
    signature >> 24,
  ]),
  holds: "named tensors",
  read: readNpz,
  write: writeNpz,
};
