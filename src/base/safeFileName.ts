/** Windows keeps these names, with any ending, for devices. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)/i;
const maxCharacters = 100;

/**
 * A file name for a text from anywhere: a title, a tensor's name. No path, no
 * character that a system refuses, none that is invisible or turns the reading
 * direction (`photo\u202Egpj.exe` would be shown as `photoexe.jpg`).
 *
 * @param ending with its point; it always stays
 */
export function safeFileName(text: string, ending = "", otherwise = "untitled"): string {
  const visible = text
    .replace(/\s/g, " ")
    // Controls, formats (zero-width, bidirectional), halves of pairs, what no font has.
    .replace(/\p{C}/gu, "")
    .replace(/ +/g, " ")
    .replace(/[<>:"/\\|?*]+/g, "-")
    .normalize("NFC");
  const short = [...visible].slice(0, maxCharacters).join("");
  const trimmed = short.replace(/^[\s.-]+|[\s.-]+$/g, "");
  return (reserved.test(trimmed) ? `_${trimmed}` : trimmed || otherwise) + ending;
}
