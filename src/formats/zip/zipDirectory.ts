import { maxDeflateRatio } from "../../base/deflate";
import { FormatError } from "../../base/errors";
import { maxEntries } from "../expansion";
import { decodeUtf8 } from "../text/utf8";
import { flagUtf8, flagDescriptor, signatures, stored, deflated } from "./zipLayout";

/** Checked member of a zip archive. */
export interface ZipEntry {
  name: string;
  deflated: boolean;
  crc: number;
  /** Unpacked size in bytes. */
  size: number;
  /** Packed size in bytes. */
  packedSize: number;
  /** Offset of the packed bytes in the file. */
  start: number;
}

/** Entry of the central directory, before the comparison with the member's local header. */
interface Listed extends Omit<ZipEntry, "start" | "deflated"> {
  flags: number;
  method: number;
  /** Offset of the local header. */
  offset: number;
  nameBytes: Uint8Array;
}

/** The bits 0b110 are deflate's effort. Flags for encryption and patches are not allowed. */
const allowedFlags = flagDescriptor | flagUtf8 | 0b110;
const saturated = 0xffffffff;
const extraZip64 = 0x0001;
const extraUnicodePath = 0x7075;

/**
 * Reads the members of a zip archive in the order of its directory, strictly: information that a zip stores twice must
 * agree, and headers, members and directory must cover the file exactly, each byte once. So no two readers see
 * different files in it, and no member can be counted twice.
 *
 * Nothing is unpacked, and nothing is allocated based on sizes that the file declares.
 *
 * @throws FormatError E_ZIP E_NAME E_BOMB
 * @see PKWARE, APPNOTE.TXT 6.3.10
 */
export function readZipDirectory(bytes: Uint8Array): ZipEntry[] {
  return new DirectoryReader(bytes).read();
}

class DirectoryReader {
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  read(): ZipEntry[] {
    const { count, from, to } = this.readEnd();
    if (count > maxEntries)
      throw new FormatError("E_BOMB", to, `The file says it has ${count} members; at most ${maxEntries} are read.`);
    const listed: Listed[] = [];
    let at = from;
    for (let i = 0; i < count; i++) {
      const [entry, next] = this.readListed(at, to);
      listed.push(entry);
      at = next;
    }
    if (at !== to) this.fail(at, `The directory should end here, after ${count} members.`);
    const starts = this.checkLayout(listed, from);
    return listed.map((entry) => {
      const { name, crc, size, packedSize, method } = entry;
      return { name, crc, size, packedSize, deflated: method === deflated, start: starts.get(entry)! };
    });
  }

  /** Reads the end record in the last 22 bytes of the file, and zip64's wider one before it. */
  private readEnd(): { count: number; from: number; to: number } {
    const { view } = this;
    const end = this.bytes.length - 22;
    // A comment could contain another end record, so comments are not allowed.
    if (end < 0 || view.getUint32(end, true) !== signatures.end || view.getUint16(end + 20, true) !== 0)
      this.fail(Math.max(end, 0), "The file should end with a zip's end record: it is cut off, or something follows.");
    const [disk, directoryDisk, here, count] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true));
    const [size, from] = [12, 16].map((at) => view.getUint32(end + at, true));
    const narrow = { disk, directoryDisk, here, count, size, from } as EndRecord;
    const isZip64 = end >= 20 && view.getUint32(end - 20, true) === signatures.locator64;
    return isZip64 ? this.readEnd64(end - 20, narrow) : this.checkEnd(narrow, end);
  }

  private readEnd64(locator: number, narrow: EndRecord): { count: number; from: number; to: number } {
    const { view } = this;
    const at = this.uint64(locator + 8);
    const known =
      at === locator - 56 &&
      view.getUint32(locator + 4, true) === 0 &&
      view.getUint32(locator + 16, true) === 1 &&
      view.getUint32(at, true) === signatures.end64 &&
      this.uint64(at + 4) === 44;
    if (!known) this.fail(locator, "The zip64 end record should be directly before its locator.");
    const wide: EndRecord = {
      disk: view.getUint32(at + 16, true),
      directoryDisk: view.getUint32(at + 20, true),
      here: this.uint64(at + 24),
      count: this.uint64(at + 32),
      size: this.uint64(at + 40),
      from: this.uint64(at + 48),
    };
    for (const key of Object.keys(wide) as (keyof EndRecord)[]) {
      const full = key === "size" || key === "from" ? saturated : 0xffff;
      if (narrow[key] !== wide[key] && narrow[key] !== full)
        this.fail(at, "The two end records of the zip do not agree.");
    }
    return this.checkEnd(wide, at);
  }

  /**
   * Checks an end record.
   * @param to the offset at which the directory must end
   */
  private checkEnd(end: EndRecord, to: number): { count: number; from: number; to: number } {
    const { disk, directoryDisk, here, count, size, from } = end;
    if (disk !== 0 || directoryDisk !== 0 || here !== count)
      this.fail(to, "The zip is spread over several disks, which is not supported.");
    if (from + size !== to) this.fail(to, `The directory should end at byte ${to}, not at ${from + size}.`);
    return { count, from, to };
  }

  /** Returns an entry of the central directory and the offset of the next. */
  private readListed(at: number, to: number): [Listed, number] {
    const { view } = this;
    if (at + 46 > to || view.getUint32(at, true) !== signatures.listed)
      this.fail(at, "The directory should list another member here.");
    const [nameLength, extraLength, commentLength, disk] = [28, 30, 32, 34].map((i) => view.getUint16(at + i, true));
    const nameEnd = at + 46 + nameLength!;
    const next = nameEnd + extraLength! + commentLength!;
    if (next > to) this.fail(at, "The directory is cut off within a member.");
    const wide = this.readExtra(nameEnd, nameEnd + extraLength!);
    const takeWide = (narrow: number) => (narrow === saturated ? (wide.shift() ?? narrow) : narrow);
    const size = takeWide(view.getUint32(at + 24, true));
    const packedSize = takeWide(view.getUint32(at + 20, true));
    const offset = takeWide(view.getUint32(at + 42, true));
    if (wide.length > 0 || disk !== 0) this.fail(at, "The directory has more values for a member than it needs.");
    const nameBytes = this.bytes.subarray(at + 46, nameEnd);
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const name = this.readName(nameBytes, at + 46, flags);
    const entry = { name, nameBytes, flags, method, crc: view.getUint32(at + 16, true), size, packedSize, offset };
    this.checkListed(entry, at);
    return [entry, next];
  }

  private checkListed({ name, flags, method, size, packedSize }: Listed, at: number): void {
    const title = JSON.stringify(name);
    if (flags & 1) this.fail(at + 8, `${title} is encrypted.`);
    if (flags & ~allowedFlags)
      this.fail(at + 8, `${title} has flags 0x${flags.toString(16)}, which are not supported.`);
    if (method !== stored && method !== deflated)
      this.fail(at + 10, `${title} is packed by method ${method}; 0 (stored) and 8 (deflated) are read.`);
    const possible = method === stored ? size === packedSize : size <= packedSize * maxDeflateRatio;
    if (!possible) this.fail(at + 20, `${title} cannot unpack from ${packedSize} bytes to ${size}.`);
  }

  /**
   * Reads a name of printable characters. Without the UTF-8 flag it must be ASCII, because readers disagree on anything
   * else.
   */
  private readName(nameBytes: Uint8Array, at: number, flags: number): string {
    if (!(flags & flagUtf8) && nameBytes.some((byte) => byte > 0x7f))
      throw new FormatError("E_NAME", at, "A member's name is neither ASCII nor marked as UTF-8.");
    let name: string;
    try {
      name = decodeUtf8(nameBytes, at);
    } catch {
      throw new FormatError("E_NAME", at, "A member's name is not UTF-8.");
    }
    if (/\p{Cc}/u.test(name))
      throw new FormatError("E_NAME", at, `The name ${JSON.stringify(name)} contains a control character.`);
    return name;
  }

  /** Returns the values of a zip64 field, if present. Other fields, such as times, are ignored. */
  private readExtra(from: number, to: number): number[] {
    const { view } = this;
    const wide: number[] = [];
    let at = from;
    while (at < to) {
      const end = at + 4 <= to ? at + 4 + view.getUint16(at + 2, true) : Infinity;
      if (end > to) this.fail(at, "A member's extra fields are cut off.");
      const kind = view.getUint16(at, true);
      if (kind === extraUnicodePath)
        throw new FormatError("E_NAME", at, "A member has a second name, for readers that know this field.");
      if (kind === extraZip64) {
        if (wide.length > 0 || (end - at - 4) % 8 !== 0) this.fail(at, "A member's zip64 field is malformed.");
        for (let i = at + 4; i < end; i += 8) wide.push(this.uint64(i));
      }
      at = end;
    }
    return wide;
  }

  /**
   * Compares each entry with its local header and checks that together they cover the file up to the directory. Returns
   * the offset of each member's bytes.
   */
  private checkLayout(listed: readonly Listed[], directory: number): Map<Listed, number> {
    const starts = new Map<Listed, number>();
    const inOrder = listed.toSorted((a, b) => a.offset - b.offset);
    let filled = 0;
    inOrder.forEach((entry, i) => {
      const title = JSON.stringify(entry.name);
      if (entry.offset !== filled) {
        const problem = entry.offset < filled ? "overlaps another member" : "leaves a gap before it";
        this.fail(Math.min(entry.offset, filled), `${title} ${problem}.`);
      }
      const next = inOrder[i + 1]?.offset ?? directory;
      const start = this.checkLocal(entry, directory);
      const end = start + entry.packedSize;
      if (end > Math.min(next, directory)) this.fail(start, `${title} reaches into what follows it.`);
      if (entry.flags & flagDescriptor) this.checkDescriptor(entry, end, next);
      filled = entry.flags & flagDescriptor ? next : end;
      starts.set(entry, start);
    });
    if (filled !== directory) this.fail(filled, `The bytes ${filled} to ${directory} belong to no member.`);
    return starts;
  }

  /** Checks a local header and returns the offset of the member's bytes. */
  private checkLocal(entry: Listed, directory: number): number {
    const { view, bytes } = this;
    const { offset, nameBytes, flags, method, crc, size, packedSize } = entry;
    const title = JSON.stringify(entry.name);
    if (offset + 30 > directory || view.getUint32(offset, true) !== signatures.local)
      this.fail(Math.min(offset, bytes.length), `${title} should begin with a header here.`);
    const nameEnd = offset + 30 + view.getUint16(offset + 26, true);
    const start = nameEnd + view.getUint16(offset + 28, true);
    if (start > directory) this.fail(offset, `The header of ${title} is cut off.`);
    const ownName = bytes.subarray(offset + 30, nameEnd);
    if (ownName.length !== nameBytes.length || ownName.some((byte, i) => byte !== nameBytes[i]))
      this.fail(offset + 30, `${title} has another name in its own header.`);
    const sizes = [22, 18].map((at) => view.getUint32(offset + at, true));
    // Python repeats sizes here that would fit into the header itself.
    const wide = this.readExtra(nameEnd, start);
    const repeats = sizes.every((value, i) => value === saturated || value === wide[i]);
    if (wide.length > 0 && (wide.length !== 2 || !repeats))
      this.fail(offset, `${title} has two different sizes in its own header.`);
    const own = [view.getUint32(offset + 14, true), ...(wide.length > 0 ? wide : sizes)];
    // If a descriptor follows the bytes, the header may have been written before the values were known.
    const later = (flags & flagDescriptor) !== 0 && own.every((value) => value === 0);
    const same = later || [crc, size, packedSize].every((value, i) => own[i] === value);
    const methods = view.getUint16(offset + 6, true) === flags && view.getUint16(offset + 8, true) === method;
    if (!same || !methods) this.fail(offset, `${title} differs between its own header and the directory.`);
    return start;
  }

  /** Checks a data descriptor: checksum and sizes after a member, in 4 or 8 bytes each, with or without a signature. */
  private checkDescriptor({ name, crc, size, packedSize }: Listed, from: number, to: number): void {
    const { view } = this;
    const length = to - from;
    const signed = length === 16 || length === 24;
    const values = signed ? from + 4 : from;
    const wide = length === 20 || length === 24;
    const known =
      (signed || wide || length === 12) &&
      (!signed || view.getUint32(from, true) === signatures.descriptor) &&
      view.getUint32(values, true) === crc &&
      (wide ? this.uint64(values + 4) : view.getUint32(values + 4, true)) === packedSize &&
      (wide ? this.uint64(values + 12) : view.getUint32(values + 8, true)) === size;
    if (!known)
      this.fail(from, `${JSON.stringify(name)} should be followed by its checksum and sizes, and nothing else.`);
  }

  /** Reads a 64-bit integer. Above 2^53 it is rounded, but no file is that long. */
  private uint64(at: number): number {
    return Number(this.view.getBigUint64(at, true));
  }

  private fail(offset: number, sentence: string): never {
    throw new FormatError("E_ZIP", offset, sentence);
  }
}

interface EndRecord {
  disk: number;
  directoryDisk: number;
  /** Number of members on this disk. `count` is the total. */
  here: number;
  count: number;
  /** Size of the directory in bytes. `from` is its offset. */
  size: number;
  from: number;
}
