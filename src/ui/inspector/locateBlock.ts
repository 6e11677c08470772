import { parseCell } from "../../notebook/composition/composition";
import { blockStates, findDescribed } from "../../store/composer/blockStates";
import type { Selection } from "../../store/composer/composerStore";
import { kindsStore } from "../../store/modelStores";
import { documentStore, runStore, sessionStore } from "../../store/stores";

/**
 * Returns the place in the notebook's source that declares a block of the session, if any; otherwise the block itself.
 */
export function locateBlock(model: string, path: string): Selection {
  const { models } = sessionStore.getState();
  const { kinds } = kindsStore.getState();
  const { runs } = runStore.getState();
  for (const cell of documentStore.getState().document.cells.filter(({ type }) => type === "code")) {
    const parsed = parseCell(cell.source, kinds);
    if (!parsed.ok || !parsed.compositions.some(({ variable }) => variable === model)) continue;
    const source = runs[cell.id]?.source;
    const edited = source !== cell.source;
    const before = edited && source !== undefined ? parseCell(source, kinds) : null;
    const ran = before?.ok ? before.compositions : [];
    const found = findDescribed(blockStates(parsed.compositions, models, edited, ran), model, path);
    if (found) return { type: "block", cell: cell.id, path: found };
  }
  return { type: "described", model, path };
}
