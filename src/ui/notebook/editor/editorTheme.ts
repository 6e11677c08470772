import { EditorView } from "@codemirror/view";

/** The editor in the page's colours; custom properties follow the theme automatically. */
export const editorTheme = EditorView.theme({
  "&": { fontSize: "var(--size-2)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6", overflowX: "auto" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--accent)" },
  // Hanging indent: distinguishes the continuation of a long line from the next line.
  ".cm-line": { padding: "0 12px 0 calc(8px + 2ch)", textIndent: "-2ch" },
  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--text-faint)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "30px", padding: "0 4px 0 6px", fontSize: "0.92em" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { backgroundColor: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 16%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent)" },
  ".cm-errorLine": { backgroundColor: "var(--error-soft)", boxShadow: "inset 3px 0 0 var(--error)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-panel.cm-search": { padding: "8px", fontFamily: "var(--font)" },
  ".cm-textfield": {
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-1)",
    padding: "3px 6px",
  },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-1)",
  },
  ".cm-tooltip": {
    zIndex: "60",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-2)",
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "15em", fontFamily: "var(--font-code)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--text)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)", fontWeight: "600" },
  // It may overlap a cell's buttons, so it ignores the pointer.
  ".cm-tooltip.cm-tooltip-hover": { pointerEvents: "none" },
  ".cm-completionInfo": { padding: "0", maxWidth: "min(420px, 92vw)" },
  ".cm-hint": { maxWidth: "min(460px, 92vw)", padding: "8px 12px", fontSize: "var(--size-2)", lineHeight: "1.5" },
  ".cm-hint code": { fontSize: "var(--size-1)", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  ".cm-hint p": { marginTop: "4px", fontFamily: "var(--font)" },
  ".cm-searchMatch": { backgroundColor: "var(--warning-soft)", outline: "1px solid var(--warning)" },
});
