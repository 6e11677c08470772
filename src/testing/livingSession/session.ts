/** Runs many cases, one after the other, in one process, like a page that stays open. */
import { nextTask } from "../../base/cancel";
import { backendOf, devices } from "../../device/open";
import { retainFreedPlans } from "../../plan/inspect/planLog";
import { idleBudget, collectGarbage } from "../../tensor/collectGarbage";
import { describeCase } from "./describeCase";
import { drawCase } from "./drawCase";
import { type Level, measureLevel } from "./level";
import { openMemoryHost } from "./memoryHost";
import { LivingCase, type Verdict } from "./runCase";

/** Same limit as in the session's worker: see `src/session/worker.ts`. */
const maxKeptBytes = 64 * 2 ** 20;
/** Number of other cases before a model is used again. */
const others = 50;
/** Maximum number of models that are kept alive at the same time. */
const mostKept = 12;

export interface Finding {
  seed: number;
  kind: Exclude<Verdict["kind"], "same">;
  message: string;
  description: string;
}

export interface SessionReport {
  cases: number;
  findings: Finding[];
  /** Memory of `GPU:0` at the times when all models so far were gone. */
  levels: Level[];
}

export interface SessionOptions {
  from: number;
  count: number;
  onCase?: (seed: number, finding: Finding | undefined) => void;
}

export class Session {
  readonly findings: Finding[] = [];
  readonly levels: Level[] = [];
  private cases = 0;
  private kept: LivingCase[] = [];
  private waiting: { at: number; living: LivingCase }[] = [];

  async run({ from, count, onCase }: SessionOptions): Promise<SessionReport> {
    openMemoryHost();
    try {
      this.levels.push(await measureLevel(0, maxKeptBytes));
      // All models are dropped from time to time to reveal leaks, but rarely, because some are to be used again late.
      const stretch = count < 8 * others ? count : Math.ceil(count / 4);
      for (let seed = from; seed < from + count; seed++) {
        const finding = await this.live(seed).catch((error: unknown) => {
          throw new Error(`seed ${seed}: ${describeCase(drawCase(seed))}`, { cause: error });
        });
        onCase?.(seed, finding);
        if (this.cases % stretch === 0 || this.cases === count) await this.level();
      }
      return { cases: this.cases, findings: this.findings, levels: this.levels };
    } finally {
      retainFreedPlans(0);
    }
  }

  private async live(seed: number): Promise<Finding | undefined> {
    this.cases++;
    const living = new LivingCase(drawCase(seed));
    let finding = this.note(living, await inTime(living.begin()));
    if (finding?.kind === "error") await settleErrors();
    // Both devices' models together, so that this function retains no model of the case longer than a user would.
    if (finding?.kind !== "error") this.part(living);
    else living.dispose();
    for (const { at, living: old } of this.waiting.filter(({ at: due }) => due <= this.cases)) {
      this.waiting = this.waiting.filter((other) => other.at !== at);
      finding = (await this.useAgain(old)) ?? finding;
    }
    for (const name of devices()) await collectGarbage(backendOf(name), idleBudget);
    return finding;
  }

  private part(living: LivingCase): void {
    const { fate } = living.plan;
    if (fate === "freed") living.dispose();
    if (fate === "used again") this.waiting.push({ at: this.cases + others, living });
    if (fate !== "kept") return;
    this.kept.push(living);
    if (this.kept.length > mostKept) this.kept.shift();
  }

  private async useAgain(living: LivingCase): Promise<Finding | undefined> {
    const finding = this.note(living, await inTime(living.continue()), "used again, ");
    if (finding?.kind === "error") await settleErrors();
    living.dispose();
    return finding;
  }

  private note({ plan }: LivingCase, { kind, message }: Verdict, prefix = ""): Finding | undefined {
    if (kind === "same") return undefined;
    const finding = { seed: plan.seed, kind, message: prefix + message, description: describeCase(plan) };
    this.findings.push(finding);
    return finding;
  }

  private async level(): Promise<void> {
    await this.letAllGo();
    this.levels.push(await measureLevel(this.cases, maxKeptBytes));
  }

  /** A separate function, so that no stack frame references a model when the level is measured. */
  private async letAllGo(): Promise<void> {
    for (const { living } of this.waiting.splice(0)) await this.useAgain(living);
    for (const living of this.kept.splice(0)) living.dispose();
  }
}

const longest = 600_000;

/** Rejects after a time that no case takes on any machine. */
function inTime(verdict: Promise<Verdict>): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    // The case may still be running and would affect the next ones, so the session ends.
    const timer = setTimeout(() => reject(new Error(`no answer within ${longest / 1000} s`)), longest);
    verdict.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for late errors of the device, so that they are not attributed to the next case. */
async function settleErrors(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await backendOf("GPU:0")
      .sync()
      .catch(() => {});
    await nextTask();
  }
}
