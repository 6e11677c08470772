import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, Prec, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap, lineNumbers, type DecorationSet } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { editorTheme } from "./editorTheme";
import { type HintOptions, hints } from "./hints";

export interface EditorOptions {
  parent: HTMLElement;
  source: string;
  onChange: (source: string) => void;
  onBlur: () => void;
  undo: () => void;
  redo: () => void;
  hints: HintOptions;
}

export interface EditorTexts {
  /** Its accessible name, and how to leave it by keyboard. */
  label: string;
  help: string;
  /** CodeMirror's own texts, translated. */
  phrases: Record<string, string>;
}

export interface Editor {
  /** Replaces the source after a change elsewhere, preserving the cursor if possible. */
  setSource(source: string): void;
  /** Moves the cursor to a line and column from 1, and focuses the editor. */
  goTo(line: number, column: number): void;
  /** Marks a line as the location of an error; null removes the mark. */
  markLine(line: number | null): void;
  setTexts(texts: EditorTexts): void;
  destroy(): void;
}

const fromOutside = Annotation.define<boolean>();
const setMark = StateEffect.define<number | null>();

const errorLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next =
      transaction.docChanged && !transaction.annotation(fromOutside) ? Decoration.none : marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMark)) continue;
      const { doc } = transaction.state;
      const known = effect.value !== null && effect.value >= 1 && effect.value <= doc.lines;
      next = known
        ? Decoration.set(Decoration.line({ class: "cm-errorLine" }).range(doc.line(effect.value).from))
        : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Creates a cell's editor. The notebook's history handles undo; the editor has none. */
export function createEditor(options: EditorOptions): Editor {
  const texts = new Compartment();
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.source,
      extensions: [
        EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? ""),
        Prec.highest(keymap.of(pageKeys(options))),
        texts.of([]),
        hints(options.hints),
        language(),
        errorLine,
        EditorView.updateListener.of((update) => {
          const own = update.docChanged && !update.transactions.some((one) => one.annotation(fromOutside));
          if (own) options.onChange(update.state.doc.toString());
          if (update.focusChanged && !update.view.hasFocus) options.onBlur();
        }),
      ],
    }),
  });
  return {
    setSource: (source) => replace(view, source),
    goTo: (line, column) => {
      const at = view.state.doc.line(Math.max(1, Math.min(view.state.doc.lines, line)));
      const anchor = Math.min(at.to, at.from + Math.max(0, column - 1));
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "nearest", yMargin: 80 }),
      });
      view.focus();
    },
    markLine: (line) => view.dispatch({ effects: setMark.of(line) }),
    setTexts: ({ label, help, phrases }) => {
      const attributes = EditorView.contentAttributes.of({ "aria-label": label, "aria-description": help });
      view.dispatch({ effects: texts.reconfigure([EditorState.phrases.of(phrases), attributes]) });
    },
    destroy: () => view.destroy(),
  };
}

function language(): Extension {
  return [
    javascript({ typescript: true }),
    syntaxHighlighting(classHighlighter),
    lineNumbers(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    highlightSelectionMatches(),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, indentWithTab]),
    editorTheme,
  ];
}

/** Keys that belong to the page: the key events for runs bubble up to the notebook. */
function pageKeys({ undo, redo }: EditorOptions) {
  const leave = () => true;
  return [
    { key: "Mod-z", run: () => (undo(), true) },
    { key: "Mod-Shift-z", run: () => (redo(), true) },
    { key: "Mod-y", run: () => (redo(), true) },
    { key: "Mod-Enter", run: leave },
    { key: "Shift-Enter", run: leave },
    { key: "Mod-i", run: leave },
  ];
}

/** The smallest change from one text to the other, so that cursor and scroll position survive. */
function replace(view: EditorView, source: string) {
  const old = view.state.doc.toString();
  if (old === source) return;
  const shortest = Math.min(old.length, source.length);
  let start = 0;
  while (start < shortest && old[start] === source[start]) start++;
  let end = 0;
  while (end < shortest - start && old.at(-1 - end) === source.at(-1 - end)) end++;
  view.dispatch({
    changes: { from: start, to: old.length - end, insert: source.slice(start, source.length - end) },
    annotations: fromOutside.of(true),
  });
}
