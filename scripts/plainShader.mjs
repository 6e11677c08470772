/**
 * A shader as the library carries it: without comments and blank lines, which the page shows. It keeps its indentation, by
 * which the linker finds where a function ends.
 * @param {string} text
 */
export function plainShader(text) {
  return text
    .replace(/[ \t]*\/\/.*$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trimStart();
}
