/**
 * A shader as the library carries it: without comments and blank lines, which the page shows. It keeps its indentation:
 * a brace at a line's start is where the linker takes `element` to end.
 * @param {string} text
 */
export function plainShader(text) {
  return text
    .replace(/[ \t]*\/\/.*$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trimStart();
}
