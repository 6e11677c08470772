/** Windows reserves these names, with any extension, for devices. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)/i;
const maxCharacters = 100;

/**
 * Returns a file name for arbitrary text such as a title or a tensor's name. It contains no path, no character that a
 * file system refuses, and none that is invisible or reverses the reading direction (`photo\u202Egpj.exe` would be
 * displayed as `photoexe.jpg`).
 * @param ending the extension with its dot; it is always kept
 * @param otherwise the name if nothing of the text remains
 */
export function safeFileName(text: string, ending = "", otherwise = "untitled"): string {
  const visible = text
    .replace(/\s/g, " ")
    // Control and format characters (zero-width, bidirectional), lone surrogates, unassigned and private-use
    // characters.
    .replace(/\p{C}/gu, "")
    .replace(/ +/g, " ")
    .replace(/[<>:"/\\|?*]+/g, "-")
    .normalize("NFC");
  const short = [...visible].slice(0, maxCharacters).join("");
  const trimmed = short.replace(/^[\s.-]+|[\s.-]+$/g, "");
  return (reserved.test(trimmed) ? `_${trimmed}` : trimmed || otherwise) + ending;
}
