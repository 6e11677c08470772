/** CodeMirror's own texts: by its English phrases, which need no translation here. */
export const editor: Record<string, string> = {};
