/** CodeMirror's own texts, keyed by its English phrases; English needs no translation. */
export const editor: Record<string, string> = {};
