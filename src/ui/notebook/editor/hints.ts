import { acceptCompletion, autocompletion, type Completion, type CompletionContext } from "@codemirror/autocomplete";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip, tooltips, type Rect, type Tooltip } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import type { Language } from "../../../i18n/language";
import type { CellApi, CellName } from "../../../notebook/cells/cellApi";
import { namesDeclaredIn, hintAt, hintsFor, positionOfHint } from "../../../notebook/cells/cellHints";

export interface HintOptions {
  language: () => Language;
  /** The source of every code cell, including this one. */
  sources: () => string[];
}

/** The names that cells see: a separate chunk, fetched with the first hint. */
async function loadApi(): Promise<CellApi> {
  return (await import("virtual:cell-api")).cellApi;
}

/** The signature of a name, with its documentation below. */
function explain({ detail, doc }: CellName, language: Language): HTMLElement {
  const box = document.createElement("div");
  box.className = "cm-hint";
  const code = box.appendChild(document.createElement("code"));
  code.textContent = detail;
  if (doc) box.appendChild(document.createElement("p")).textContent = doc[language];
  return box;
}

const types = { function: "function", class: "class", namespace: "namespace", constant: "variable" };

/** Names do not occur in texts or comments. */
function isText(state: EditorState, position: number): boolean {
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(position, -1); node; node = node.parent) {
    if (/^(String|LineComment|BlockComment|RegExp)$/.test(node.name)) return true;
    if (node.name === "Interpolation") return false;
    if (node.name === "TemplateString") return true;
  }
  return false;
}

function completionSource({ language, sources }: HintOptions) {
  return async (context: CompletionContext) => {
    const before = context.state.sliceDoc(Math.max(0, context.pos - 500), context.pos);
    const place = positionOfHint(before);
    if (!place || isText(context.state, context.pos)) return null;
    if (place.word === "" && place.object === null && !context.explicit) return null;
    const texts = sources();
    const api = await loadApi();
    const known = hintsFor(api, place, texts);
    const own = place.object === null ? namesDeclaredIn(texts) : [];
    const options: Completion[] = [
      ...own.map((label) => ({ label, type: "variable", boost: 1 })),
      ...known
        .filter(({ name }) => !own.includes(name))
        .map((hint) => ({ label: hint.name, type: types[hint.kind], info: () => explain(hint, language()) })),
    ];
    return { from: context.pos - place.word.length, options, validFor: /^[\p{ID_Continue}$]*$/u };
  };
}

const setShown = StateEffect.define<Tooltip | null>();

/** An explanation requested by key or touch; the next key press or change removes it. */
const shown = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    const effect = transaction.effects.find((one) => one.is(setShown));
    if (effect) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

async function tooltipAt(view: EditorView, position: number, options: HintOptions): Promise<Tooltip | null> {
  if (isText(view.state, position)) return null;
  const api = await loadApi();
  const found = hintAt(api, view.state.doc.toString(), position, options.sources());
  if (!found) return null;
  const { name, from, to } = found;
  return { pos: from, end: to, above: true, create: () => ({ dom: explain(name, options.language()) }) };
}

async function show(view: EditorView, options: HintOptions): Promise<void> {
  const { state } = view;
  const tooltip = await tooltipAt(view, state.selection.main.head, options).catch(() => null);
  if (view.state.selection.main.eq(state.selection.main)) view.dispatch({ effects: setShown.of(tooltip) });
}

/** Touch has no hover, so tapping a name in the focused editor explains it. */
function explainTaps(options: HintOptions): Extension {
  return EditorView.domEventHandlers({
    click: (event, view) => {
      if (event.pointerType === "touch" && view.hasFocus) void show(view, options);
    },
  });
}

/** Next to the list if there is room; on a narrow screen, below or above it, so that both can be read. */
function placeExplanation(_: EditorView, list: Rect, option: Rect, info: Rect, space: Rect) {
  const width = info.right - info.left;
  const height = info.bottom - info.top;
  const top = `top: ${Math.round(option.top - list.top)}px`;
  if (list.right + width <= space.right) return { style: top, class: "cm-completionInfo-right" };
  if (list.left - width >= space.left) return { style: top, class: "cm-completionInfo-left" };
  const left = `left: ${Math.round(Math.max(space.left, Math.min(list.left, space.right - width)) - list.left)}px`;
  const below = list.bottom + height <= space.bottom;
  return { style: `${below ? "top" : "bottom"}: 100%; ${left}`, class: "" };
}

/** Completion and explanation of names: while typing, by Ctrl+Space, on hover, by Ctrl+K Ctrl+I, or on tap. */
export function hints(options: HintOptions): Extension {
  return [
    autocompletion({ icons: false, positionInfo: placeExplanation }),
    typescriptLanguage.data.of({ autocomplete: completionSource(options) }),
    hoverTooltip(async (view, position) => tooltipAt(view, position, options).catch(() => null), {
      hideOnChange: true,
    }),
    shown,
    explainTaps(options),
    // Outside of the cells, whose corners would clip it.
    tooltips({ parent: document.body }),
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      { key: "Mod-k Mod-i", run: (view) => (void show(view, options), true) },
      {
        key: "Escape",
        run: (view) => view.state.field(shown) !== null && (view.dispatch({ effects: setShown.of(null) }), true),
      },
    ]),
  ];
}
