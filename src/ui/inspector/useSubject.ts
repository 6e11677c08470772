import { useMemo } from "react";
import { useStore } from "zustand";
import { type BlockPath, type CompositionNode, nodeAt } from "../../notebook/composition/compositionTree";
import type { BlockDescription, WeightDescription } from "../../protocol/protocol";
import { describedBlocks, pathKey } from "../../store/composer/blockStates";
import { cellById } from "../../store/document/documentStore";
import { composerStore } from "../../store/modelStores";
import { documentStore, sessionStore } from "../../store/stores";
import { type CellCompositions, useCompositions } from "../composer/useCompositions";

/** The state of a block with regard to source and session. */
export type BuildStatus = "built" | "notBuilt" | "notRun" | "edited";

/** The subject of the inspector: a block of the source, or one that exists only in the session. */
export interface Subject {
  /** Changes with the subject, not with its values. */
  key: string;
  model: string;
  standing: BuildStatus;
  description: BlockDescription | null;
  /** Null if the block exists only in the session. */
  source: { cell: string; path: BlockPath; node: CompositionNode; read: CellCompositions } | null;
}

export function useSubject(): Subject | null {
  const selection = useStore(composerStore, (state) => state.selection);
  const document = useStore(documentStore, (state) => state.document);
  const models = useStore(sessionStore, (state) => state.models);
  const id = selection?.type === "block" ? selection.cell : "";
  const read = useCompositions(cellById(document, id) ?? { id, source: "" });
  return useMemo(() => {
    if (selection?.type === "block") return sourceSubject(id, selection.path, read);
    if (selection === null) return null;
    const { model, path } = selection;
    const root = models.find(({ variable }) => variable === model)?.root;
    const description = root && describedBlocks(root).find((block) => block.path === path);
    if (!description) return null;
    return { key: `${model}:${path}`, model, standing: buildStatusOf(description), description, source: null };
  }, [selection, read, models, id]);
}

function sourceSubject(cell: string, path: BlockPath, read: CellCompositions): Subject | null {
  const node = nodeAt(read.compositions, path);
  const state = read.states.get(pathKey(path));
  if (!node || !state) return null;
  const { model, description, known } = state;
  const standing = description ? buildStatusOf(description, read.edited) : known ? "edited" : "notRun";
  return { key: `${cell}:${pathKey(path)}`, model, standing, description, source: { cell, path, node, read } };
}

function buildStatusOf({ built, outputShape }: BlockDescription, edited = false): BuildStatus {
  if (built) return "built";
  return edited && outputShape === null ? "edited" : "notBuilt";
}

/** The weights of a block and its children, each once. */
export function weightsIn(description: BlockDescription | null): WeightDescription[] {
  const weights = description ? describedBlocks(description).flatMap((block) => block.weights) : [];
  return weights.filter(({ path }, index) => weights.findIndex((other) => other.path === path) === index);
}
