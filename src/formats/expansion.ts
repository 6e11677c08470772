import { FormatError } from "../base/errors";

/** Largest number of tensors in a file. */
export const maxEntries = 4096;
/** Largest size of an unpacked file. */
export const maxUnpackedBytes = 2 ** 30;
/** Largest ratio of unpacked to packed bytes. */
const maxRatio = 100;
/** Unpacked size up to which the ratio is not limited. */
const freeBytes = 2 ** 20;

/**
 * Checks the unpacked size of a file before anything is unpacked: at most 1 GiB, and above 1 MiB at most 100 times the
 * packed size.
 *
 * @param offset of the packed bytes in the file, for the error
 * @throws FormatError E_BOMB
 */
export function checkExpansion(bytes: number, from: number, offset: number): void {
  if (bytes > maxUnpackedBytes)
    throw new FormatError(
      "E_BOMB",
      offset,
      `The file would unpack to ${bytes} bytes; at most ${maxUnpackedBytes} are allowed.`,
    );
  if (bytes > freeBytes && bytes > maxRatio * from) {
    const sentence = `The file would unpack ${from} bytes to ${bytes}, more than ${maxRatio} times as many. Save it uncompressed.`;
    throw new FormatError("E_BOMB", offset, sentence);
  }
}
