/** Names of undo steps, shown after "Undo:" and "Redo:". */
export const history = {
  undo: (step: string | null) => (step === null ? "Nothing to undo" : `Undo: ${step}`),
  redo: (step: string | null) => (step === null ? "Nothing to redo" : `Redo: ${step}`),
  typing: "typing",
  title: "rename notebook",
  addCell: (kind: string) => `add ${kind.toLowerCase()} cell`,
  removeCell: (kind: string) => `delete ${kind.toLowerCase()} cell`,
  moveCell: "move cell",
  data: "change data",
};
