import type { FileFormat } from "./fileFormat";
import * as formats from "./index";

/** The format that a file's name ends in, letters' case aside, or undefined. */
export function findFormat(path: string): FileFormat | undefined {
  const name = path.toLowerCase();
  const list: FileFormat[] = Object.values(formats);
  return list.find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)));
}
