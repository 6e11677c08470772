/** Zip archives in memory: a strict reader and a writer of stored members. */
import { inflate, InflateLimitError } from "../../base/deflate";
import { ArgumentError, FormatError } from "../../base/errors";
import { maxEntries, maxUnpackedBytes } from "../expansion";
import { crc32 } from "./crc32";
import type { ZipEntry } from "./zipDirectory";
import { flagUtf8, signatures, stored } from "./zipLayout";

/**
 * Unpacks a member and verifies its size and checksum. A stored member is returned as a view.
 *
 * @throws FormatError E_ZIP
 */
export async function unpack(bytes: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  const packed = bytes.subarray(entry.start, entry.start + entry.packedSize);
  const title = JSON.stringify(entry.name);
  const result = entry.deflated ? await inflateMember(packed, entry, title) : packed;
  if (result.length !== entry.size)
    throw new FormatError("E_ZIP", entry.start, `${title} unpacks to ${result.length} bytes, not to ${entry.size}.`);
  if (crc32(result) !== entry.crc)
    throw new FormatError("E_ZIP", entry.start, `${title} is damaged: its checksum does not match.`);
  return result;
}

async function inflateMember(packed: Uint8Array, { size, start }: ZipEntry, title: string): Promise<Uint8Array> {
  try {
    return await inflate(packed, size);
  } catch (error) {
    const more = error instanceof InflateLimitError;
    throw new FormatError("E_ZIP", start, `${title} ${more ? `unpacks to more than ${size} bytes` : "is damaged"}.`);
  }
}

/**
 * Writes an archive of stored members in this order, without times: the same members always produce the same bytes.
 *
 * @throws ArgumentError for more than the reader accepts: 4096 members, 1 GiB.
 */
export function writeZip(members: ReadonlyMap<string, Uint8Array>, at: string): Uint8Array<ArrayBuffer> {
  const records = [...members].map(([name, bytes]) => recordOf(name, bytes));
  const total = records.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (records.length > maxEntries || total > maxUnpackedBytes) {
    throw new ArgumentError({
      at,
      expected: `at most ${maxEntries} tensors and ${maxUnpackedBytes} bytes`,
      got: `${records.length} tensors and ${total} bytes`,
      remedy: "Use .safetensors.",
    });
  }
  const local = records.flatMap((record) => [localHeader(record), record.bytes]);
  let offset = 0;
  const listed = records.map((record) => {
    const header = listedHeader(record, offset);
    offset += 30 + record.name.length + record.bytes.length;
    return header;
  });
  const size = listed.reduce((sum, { length }) => sum + length, 0);
  return join([...local, ...listed, endRecord(records.length, size, offset)]);
}

interface ZipRecord {
  name: Uint8Array;
  bytes: Uint8Array;
  /** Fields common to both headers, from the required version to the length of the name. */
  common: number[];
}

/** 1 January 1980, midnight: the earliest time that a zip can represent. */
const firstDay = 0x0021;

const u16 = (value: number): number[] => [value & 0xff, value >>> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];

function recordOf(text: string, bytes: Uint8Array): ZipRecord {
  const name = new TextEncoder().encode(text);
  const flags = name.length === text.length ? 0 : flagUtf8;
  const version = 20;
  const head = [version, flags, stored, 0, firstDay].flatMap(u16);
  const sizes = [crc32(bytes), bytes.length, bytes.length].flatMap(u32);
  return { name, bytes, common: [...head, ...sizes, ...u16(name.length)] };
}

function localHeader({ name, common }: ZipRecord): Uint8Array {
  return Uint8Array.from([...u32(signatures.local), ...common, ...u16(0), ...name]);
}

function listedHeader({ name, common }: ZipRecord, offset: number): Uint8Array {
  // No extra fields, no comment, disk 0, no attributes.
  const rest = [...u16(0), ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(offset)];
  return Uint8Array.from([...u32(signatures.listed), ...u16(20), ...common, ...rest, ...name]);
}

function endRecord(count: number, size: number, offset: number): Uint8Array {
  const counts = [0, 0, count, count].flatMap(u16);
  return Uint8Array.from([...u32(signatures.end), ...counts, ...u32(size), ...u32(offset), ...u16(0)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
