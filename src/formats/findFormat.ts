import type { FileFormat } from "./fileFormat";
import * as formats from "./index";

const list: readonly FileFormat[] = Object.values(formats);

/** The format that a file's name ends in, letters' case aside, or undefined. */
export function findFormat(path: string): FileFormat | undefined {
  const name = path.toLowerCase();
  return list.find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
}

/** The format that a file's first bytes are those of, or undefined: some formats have none of their own. */
export function recognizeFormat(bytes: Uint8Array): FileFormat | undefined {
  return list.find(({ signatures = [] }) =>
    signatures.some((signature) => signature.every((byte, at) => bytes[at] === byte)),
  );
}
