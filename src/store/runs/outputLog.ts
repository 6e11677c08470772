import type { Output } from "../../protocol/protocol";

/** More text than a user would read; a runaway `print` must not fill the page's memory. */
const maxCharacters = 200_000;
const maxOutputs = 500;

/**
 * Adds outputs to those of a cell, joining consecutive text; progress replaces earlier progress. If there is too much
 * text, the newest is kept. If there are too many outputs, the first are kept.
 */
export function appendOutputs(outputs: readonly Output[], added: readonly Output[]): Output[] {
  const result = [...outputs];
  for (const output of added) {
    const last = result.at(-1);
    const same = output.type === "progress" ? result.findIndex((other) => isOfSameRun(other, output)) : -1;
    if (output.type === "text" && last?.type === "text" && last.level === output.level) {
      result[result.length - 1] = { ...last, text: last.text + output.text };
    } else if (same >= 0) {
      result[same] = output;
    } else if (result.length < maxOutputs || output.type === "error") {
      result.push(output);
    }
  }
  return result.map((output) => (output.type === "text" ? { ...output, text: tail(output.text) } : output));
}

/** Progress of a `fit` run, which newer progress replaces. */
function isOfSameRun(other: Output, { training }: Extract<Output, { type: "progress" }>): boolean {
  return other.type === "progress" && other.training === training;
}

function tail(text: string): string {
  if (text.length <= maxCharacters) return text;
  const cut = text.slice(-maxCharacters);
  return `…\n${cut.slice(cut.indexOf("\n") + 1)}`;
}
