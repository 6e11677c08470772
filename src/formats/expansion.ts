import { FormatError } from "../base/errors";

/** Tensors in one file. */
export const maxEntries = 4096;
/** What a file may take in memory. */
export const maxUnpackedBytes = 2 ** 30;
const maxRatio = 100;
/** Files up to this size may expand as they like. */
const freeBytes = 2 ** 20;

/**
 * Holds what a file would take in memory to a measure: at most 1 GiB, and above
 * 1 MiB at most 100 times the bytes it comes from. Checked before anything is unpacked.
 *
 * @param offset of the file, for the error
 * @throws FormatError E_BOMB
 */
export function checkExpansion(bytes: number, from: number, offset: number): void {
  if (bytes > maxUnpackedBytes)
    throw new FormatError(
      "E_BOMB",
      offset,
      `The file would unpack to ${bytes} bytes; at most ${maxUnpackedBytes} are taken.`,
    );
  if (bytes > freeBytes && bytes > maxRatio * from) {
    const sentence = `The file would unpack ${from} bytes to ${bytes}, more than ${maxRatio} times as many. Save it uncompressed.`;
    throw new FormatError("E_BOMB", offset, sentence);
  }
}
