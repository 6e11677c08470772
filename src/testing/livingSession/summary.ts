/** What a session has to be judged by. */
import type { Finding, Level, SessionReport } from "./session";

/** Of all models: more, and something else than chance is at work. */
const mostSensitive = 0.03;
/** What plans that are kept for later may come to hold beyond what they held before. */
const slack = { buffers: 40, bytes: 2 ** 20 };
/** What plans that are kept for later may hold at all: 64 of them, and what was read into them. */
const mostHeld = { buffers: 150, bytes: 8 * 2 ** 20 };

function most(levels: readonly Level[], of: "bytes" | "buffers"): number {
  return Math.max(...levels.map((level) => level[of]));
}

/** Empty where what is held once all models have gone stays at its level. */
export function leaksIn(levels: readonly Level[]): string[] {
  const names = ["bytes", "buffers"] as const;
  const above = names.filter((of) => most(levels, of) > mostHeld[of]);
  if (above.length > 0) return above.map((of) => `LEAK: ${most(levels, of)} ${of} of GPU:0 stay behind`);
  if (levels.length < 2) return [];
  const half = Math.ceil(levels.length / 2);
  const [early, late] = [levels.slice(0, half), levels.slice(half)];
  return names.flatMap((of) => {
    const [before, after] = [most(early, of), most(late, of)];
    return after <= before + slack[of] ? [] : [`LEAK: ${of} of GPU:0 went from ${before} to ${after}`];
  });
}

export interface Summary {
  line: string;
  /** Errors and differences, each with its case. */
  serious: string[];
  /** What no single case is to blame for. */
  general: string[];
}

export function describeFinding({ seed, kind, message, description }: Finding): string {
  return `${kind.toUpperCase()} of seed ${seed}: ${message}\n  ${description}`;
}

export function summaryOf({ cases, findings, levels }: SessionReport): Summary {
  const count = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
  const [errors, differences, sensitive] = [count("error"), count("difference"), count("sensitive")];
  const serious = findings.filter(({ kind }) => kind !== "sensitive").map(describeFinding);
  const isOften = sensitive > Math.max(2, mostSensitive * cases);
  const general = [...leaksIn(levels), ...(isOften ? [`${sensitive} of ${cases} models are sensitive`] : [])];
  const held = levels.map(({ cases: at, bytes, buffers }) => `${buffers} buffers, ${bytes} bytes after ${at}`);
  const line = `${cases} models: ${errors} errors, ${differences} differences, ${sensitive} sensitive; held ${held.join("; ")}`;
  return { line, serious, general };
}
