import type { FileFormat } from "./fileFormat";
import { formats } from "./index";

/** The format that a file's name ends in, letters' case aside, or undefined. */
export function findFormat(path: string): FileFormat | undefined {
  const name = path.toLowerCase();
  return formats.find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
}
