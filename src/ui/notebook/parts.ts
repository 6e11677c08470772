import { useEffect, useState } from "react";
import type { Cell } from "../../notebook/notebookDocument";
import { lazyModule, type LazyModule } from "../lazyModule";
import { formulaModule } from "./markdown/formulaModule";

/** Modules for rendering cells that are not in the first load. */
export const editorModule = lazyModule(() => import("./editor/createEditor"));
export const markdownModule = lazyModule(() => import("./markdown/MarkdownView"));
export const composerModule = lazyModule(() => import("../composer/Composer"));

/**
 * Maximum time in milliseconds that a notebook waits for these modules: after that, a layout shift is better than no
 * text.
 */
const patience = 1500;

/** Modules whose absence would change a cell's height. Editors are as high as the text that they replace. */
function partsOf({ type, kind, source }: Cell): LazyModule<unknown>[] {
  if (type === "markdown") return source.includes("$") ? [markdownModule, formulaModule] : [markdownModule];
  return kind === "model" ? [composerModule] : [];
}

function missingParts(cells: readonly Cell[]): LazyModule<unknown>[] {
  return [...new Set(cells.flatMap(partsOf))].filter((part) => !part.current());
}

/** True once a notebook can be rendered in its final form; cells added later do not wait. */
export function useParts(notebook: string, cells: readonly Cell[]): boolean {
  const [drawn, setDrawn] = useState("");
  const ready = drawn === notebook || missingParts(cells).length === 0;
  useEffect(() => {
    if (drawn === notebook) return;
    if (ready) return setDrawn(notebook);
    let current = true;
    const show = () => current && setDrawn(notebook);
    const timer = setTimeout(show, patience);
    void Promise.allSettled(missingParts(cells).map((part) => part.load())).then(show);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [notebook, drawn, ready, cells]);
  return ready;
}
