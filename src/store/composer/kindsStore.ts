import { createStore } from "zustand/vanilla";
import type { KindInfo } from "../../base/info";
import type { Kinds } from "../../notebook/composition/compositionTree";
import type { NotebookDocument } from "../../notebook/notebookDocument";
import { kindsOfClasses, type DeclaredClass, readClasses } from "../../notebook/ownBlocks/declaredClasses";
import type { ClassDescription } from "../../protocol/protocol";
import type { DocumentStore } from "../document/documentStore";
import type { CellRun } from "../runs/runState";
import type { RunStore } from "../runs/runStore";
import type { SessionStore } from "../session/sessionStore";

export interface KindsState {
  /** The blocks available to a model: built-in kinds and the notebook's own blocks. */
  kinds: Kinds;
  /** Only the notebook's own blocks, in the order of their cells. */
  own: readonly KindInfo[];
}

/** Reads the classes of all code cells; a half-typed cell keeps its previous ones. */
function createClassReader() {
  let known = new Map<string, { source: string; classes: readonly DeclaredClass[] }>();
  return ({ cells }: NotebookDocument): DeclaredClass[] => {
    const read = new Map<string, { source: string; classes: readonly DeclaredClass[] }>();
    for (const { id, type, source } of cells) {
      if (type !== "code") continue;
      const last = known.get(id);
      read.set(id, last?.source === source ? last : { source, classes: readClasses(source) ?? last?.classes ?? [] });
    }
    known = read;
    return [...read.values()].flatMap(({ classes }) => classes);
  };
}

/**
 * A class that exists only at run time (`const A = make(3)`), read from its code without types; its variable is its
 * name.
 */
function madeClass({ variable, texts }: ClassDescription): DeclaredClass | null {
  const read = texts.map((text) => readClasses(`const made = ${text};`)?.[0]);
  const [first] = read;
  if (!first) return null;
  const takes = read.find((one) => one?.takes)?.takes ?? null;
  return { name: variable, parent: "Block", takes, comment: null };
}

/** The names that cells of the document have declared in this session, as far as their source still contains them. */
function declaredNames({ cells }: NotebookDocument, runs: Readonly<Record<string, CellRun>>): Set<string> {
  const names = cells.flatMap(({ id, source }) => {
    const run = runs[id];
    const words = new Set(source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    return !run || run.status === "lost" ? [] : run.declared.filter((name) => words.has(name));
  });
  return new Set(names);
}

/**
 * The kinds of a notebook. Its classes are read from the source, so they are known before anything has run; the session
 * adds classes that the source does not reveal as blocks. An edit that changes no class returns the same object.
 * @param builtIn the kinds available in every notebook
 */
export function createKindsStore(builtIn: Kinds, sessions: SessionStore, documents: DocumentStore, runs: RunStore) {
  const read = createClassReader();
  const store = createStore<KindsState>()(() => ({ kinds: builtIn, own: [] }));

  function ownKinds(): KindInfo[] {
    const { document } = documents.getState();
    const { classes } = sessions.getState();
    const written = read(document);
    const names = new Set(written.map(({ name }) => name));
    const declared = declaredNames(document, runs.getState().runs);
    const made = classes.filter(({ variable }) => declared.has(variable) && !names.has(variable));
    const blocks = new Set(classes.map(({ variable }) => variable));
    return kindsOfClasses([...written, ...made.flatMap((one) => madeClass(one) ?? [])], (name) => blocks.has(name));
  }

  function update() {
    const own = ownKinds();
    if (JSON.stringify(own) === JSON.stringify(store.getState().own)) return;
    store.setState({ own, kinds: withOwn(builtIn, own) });
  }

  update();
  documents.subscribe(({ document }, before) => document.cells !== before.document.cells && update());
  sessions.subscribe(({ classes }, before) => classes !== before.classes && update());
  return store;
}

/** A custom class replaces a built-in kind of the same name, as its variable does in scope. */
function withOwn({ blocks, initializers }: Kinds, own: readonly KindInfo[]): Kinds {
  const names = new Set(own.map(({ kind }) => kind));
  return { initializers, blocks: [...blocks.filter(({ kind }) => !names.has(kind)), ...own] };
}

export type KindsStore = ReturnType<typeof createKindsStore>;
