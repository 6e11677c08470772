/**
 * Returns a shader as the library contains it: without comments and blank lines. It keeps the indentation, because the
 * linker treats a brace at the start of a line as the end of `element`.
 * @param {string} text
 */
export function plainShader(text) {
  return text
    .replace(/[ \t]*\/\/.*$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trimStart();
}
