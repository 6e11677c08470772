import type { FileFormat } from "./fileFormat";
import * as formats from "./index";

const list: readonly FileFormat[] = Object.values(formats);

/** Returns the format of a file by its extension, ignoring case, or undefined. */
export function findFormat(path: string): FileFormat | undefined {
  const name = path.toLowerCase();
  return list.find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
}

/** Returns the format of a file by its first bytes, or undefined. Not every format has distinctive ones. */
export function recognizeFormat(bytes: Uint8Array): FileFormat | undefined {
  return list.find(({ signatures = [] }) =>
    signatures.some((signature) => signature.every((byte, at) => bytes[at] === byte)),
  );
}
