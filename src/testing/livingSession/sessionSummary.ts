/** Judges a session by its report. */
import type { Level } from "./level";
import type { Finding, SessionReport } from "./session";

/** Largest acceptable share of sensitive models. A larger one is not due to chance. */
const mostSensitive = 0.03;
/**
 * Returns a message for each resource whose level rose above the first one. Levels are measured when only the
 * measurement's own small model is alive (see `measureLevel`), so there is no tolerance: 60 models that leak one buffer
 * each are 60 above the first level.
 */
export function leaksIn(levels: readonly Level[]): string[] {
  const [first, ...later] = levels;
  return (["bytes", "buffers"] as const).flatMap((of) => {
    const above = later.find((level) => level[of] > first![of]);
    return above ? [`LEAK: ${of} of GPU:0 went from ${first![of]} to ${above[of]} after ${above.cases} models`] : [];
  });
}

export interface SessionSummary {
  line: string;
  /** Errors and differences, each with its case. */
  serious: string[];
  /** Problems that are not due to a single case. */
  general: string[];
}

export function describeFinding({ seed, kind, message, description }: Finding): string {
  return `${kind.toUpperCase()} of seed ${seed}: ${message}\n  ${description}`;
}

export function summaryOf({ cases, findings, levels }: SessionReport): SessionSummary {
  const count = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
  const [errors, differences, sensitive] = [count("error"), count("difference"), count("sensitive")];
  const serious = findings.filter(({ kind }) => kind !== "sensitive").map(describeFinding);
  const isOften = sensitive > Math.max(2, mostSensitive * cases);
  const general = [...leaksIn(levels), ...(isOften ? [`${sensitive} of ${cases} models are sensitive`] : [])];
  const held = levels.map(({ cases: at, bytes, buffers }) => `${buffers} buffers, ${bytes} bytes after ${at}`);
  const line = `${cases} models: ${errors} errors, ${differences} differences, ${sensitive} sensitive; held ${held.join("; ")}`;
  return { line, serious, general };
}
