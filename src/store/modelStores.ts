/**
 * The stores of composer and inspector, created once. Separate from `stores.ts`, because they include the parser of
 * compositions, which the page loads with the first of either.
 */
import { kinds } from "virtual:kinds";
import { ComposerEdits } from "./composer/composerEdits";
import { createComposerStore } from "./composer/composerStore";
import { createKindsStore } from "./composer/kindsStore";
import { createInspectorStore } from "./session/inspectorStore";
import { documentStore, runStore, session, sessionStore, weightsChanged } from "./stores";

export const composerStore = createComposerStore();
export const kindsStore = createKindsStore(kinds, sessionStore, documentStore, runStore);
export const composerEdits = new ComposerEdits(documentStore, kindsStore, composerStore);
export const inspectorStore = createInspectorStore(session, sessionStore, weightsChanged);

// Another notebook starts with nothing selected.
documentStore.subscribe(({ key }, before) => {
  if (key === before.key) return;
  composerStore.setState({ selection: null, opened: null });
  inspectorStore.getState().show(null);
});
