import { inflate } from "../base/deflate";
import { FormatError } from "../base/errors";
import { getHost } from "../base/host";
import type { FileTensor } from "../formats/fileFormat";
import { readIdx } from "../formats/idx";

/** Limit for the unpacked size. No file that ships is larger. */
const maxBytes = 64 * 2 ** 20;

/**
 * Reads a file of `public/data/`: a gzipped IDX array.
 * @throws FormatError if it did not arrive completely.
 */
export async function readIdxAsset(name: string): Promise<FileTensor> {
  const packed = await getHost().readAsset(`data/${name}.idxz`);
  let bytes: Uint8Array;
  try {
    bytes = await inflate(packed, maxBytes, "gzip");
  } catch {
    throw new FormatError("E_GZIP", 0, `The file data/${name}.idxz did not arrive completely.`);
  }
  return readIdx(bytes);
}
