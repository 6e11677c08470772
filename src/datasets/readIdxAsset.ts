import { inflate } from "../base/deflate";
import { FormatError } from "../base/errors";
import { getHost } from "../base/host";
import type { FileTensor } from "../formats/fileFormat";
import { readIdx } from "../formats/idx";

/** No file of ours inflates to more. */
const maxBytes = 64 * 2 ** 20;

/** A file of `public/data/`: a gzipped IDX array. @throws FormatError where it did not arrive whole. */
export async function readIdxAsset(name: string): Promise<FileTensor> {
  const packed = await getHost().readAsset(`data/${name}.idxz`);
  let bytes: Uint8Array;
  try {
    bytes = await inflate(packed, maxBytes, "gzip");
  } catch {
    throw new FormatError("E_GZIP", 0, `The file data/${name}.idxz did not arrive whole.`);
  }
  return readIdx(bytes);
}
