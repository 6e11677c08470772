import { FormatError } from "../../base/errors";

/**
 * Decodes UTF-8 without dropping anything, including a byte order mark.
 *
 * @param start offset of `bytes` in the file, for the error
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

/**
 * Returns the index of the first malformed byte. A lenient decoder emits U+FFFD for it, so the first U+FFFD that is not
 * in the bytes themselves marks the place.
 */
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

/** True for text with a lone surrogate, which UTF-8 cannot represent. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
