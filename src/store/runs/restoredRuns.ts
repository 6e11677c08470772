import type { NotebookDocument } from "../../notebook/notebookDocument";
import type { CellOutputs, NotebookOutput, NotebookOutputs } from "../../notebook/notebookOutput";
import type { Output } from "../../protocol/protocol";
import type { CellRun } from "./runState";

/**
 * Restores the outputs in a file as runs of a session that is gone. Only plain text is restored; pictures and tables of
 * a stranger's file are not.
 */
export function restoredRuns(document: NotebookDocument, outputs: NotebookOutputs): Record<string, CellRun> {
  const runs = document.cells.flatMap(({ id, source }): [string, CellRun][] => {
    const shown = restoredRun(outputs.get(id));
    return shown.length > 0 ? [[id, { status: "lost", outputs: shown, run: 0, source, declared: [] }]] : [];
  });
  return Object.fromEntries(runs);
}

function restoredRun(shown: CellOutputs | undefined): Output[] {
  return (shown?.outputs ?? []).flatMap((output) => outputOf(output) ?? []);
}

function outputOf(output: NotebookOutput): Output | undefined {
  switch (output.output_type) {
    case "stream":
      return { type: "text", text: output.text, ...(output.name === "stderr" && { level: "warning" }) };
    case "error":
      return { type: "error", error: { name: output.ename, message: output.evalue } };
    default: {
      const text = output.data["text/plain"];
      return typeof text === "string" ? { type: "value", text } : undefined;
    }
  }
}
