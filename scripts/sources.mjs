import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Third-party code and build outputs. */
const foreign = /(^|\/)(node_modules|dist)\//;

/**
 * Returns our files below `folder` of `root` as sorted paths from `root` with forward slashes.
 * @param {string} root
 * @param {string} folder
 * @param {RegExp} pattern
 * @returns {string[]}
 */
export function listFiles(root, folder, pattern) {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((path) => !foreign.test(path))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** @param {string} path */
export function isTest(path) {
  return /\.(test|spec)\.tsx?$/.test(path);
}
