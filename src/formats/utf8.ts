import { FormatError } from "../base/errors";

/**
 * The text of UTF-8 bytes, nothing left out (also no byte order mark).
 *
 * @param start where `bytes` begin in the file, for the error's offset
 * @throws FormatError E_UTF8
 */
export function decodeUtf8(bytes: Uint8Array, start: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const offset = start + firstMalformed(bytes);
    throw new FormatError("E_UTF8", offset, `The text is not UTF-8: byte ${offset} does not belong there.`);
  }
}

/** A lenient decoder puts U+FFFD for what is malformed; the first one that the bytes themselves do not hold is it. */
function firstMalformed(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  let offset = 0;
  for (let from = 0; ;) {
    const at = text.indexOf("\uFFFD", from);
    if (at < 0) return bytes.length;
    offset += encoder.encode(text.slice(from, at)).length;
    const whole = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!whole) return offset;
    offset += 3;
    from = at + 1;
  }
}

/** True for text that has no UTF-8, because half of a surrogate pair stands in it alone. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
