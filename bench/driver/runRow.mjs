/** Runs one workload on every system that supports it, in turns, and computes the medians. */
import { median, oddOnes, rotate } from "./statistics.mjs";

/**
 * @typedef {Omit<import("../workloads/workload").Workload, "prepare">} Row
 * @typedef {import("../realm").Run} Run
 * @typedef {import("../realm").Answer} Answer
 * @typedef {{ id: string, own: boolean }} System
 *
 * A page or a process in which systems run.
 * @typedef {object} Realm
 * @property {(workload: string, system: string) => Promise<Answer>} prepare
 * @property {(system: string, steps: number) => Promise<Run>} run
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Result
 * @property {Map<string, number>} medians by system, in the row's unit
 * @property {Map<string, number>} firsts by system: milliseconds from an open device to the first result
 * @property {Set<string>} failed systems whose results are missing or wrong
 * @property {string[]} notes absent systems with reasons, systems that stopped early, memory used
 * @property {string[]} failures reasons not to trust a system's results
 *
 * Measurements of a system in this row so far.
 * @typedef {object} Progress
 * @property {number} steps per repeat
 * @property {number[]} times of one step, in milliseconds, one per repeat
 * @property {number} spent total time in milliseconds
 * @property {NonNullable<Run["held"]>[]} held memory after each repeat, if the system reports it
 */

export const limits = {
  repeats: 5,
  /** A system that has used this much time stops with the repeats that it has. */
  systemMs: 60_000,
  /** Target duration of a repeat, which determines the number of steps, ... */
  repeatMs: 300,
  /** ... up to this limit, because all losses of a repeat are pending until it ends. */
  steps: 1000,
  /**
   * A system that does not answer in this time counts as hung. Nothing else is measured meanwhile, and its realm is closed.
   */
  callMs: 180_000,
};

class TimeoutError extends Error {}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
async function inTime(promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new TimeoutError(`no answer in ${limits.callMs / 1000} s`)), limits.callMs);
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, late])).finally(() => clearTimeout(timer));
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message.split("\n").slice(0, 3).join(" ") : String(error);
}

/**
 * @param {Row} row
 * @param {number} ms of one step
 */
export function toUnit({ unit, flops }, ms) {
  return unit === "ms" ? ms : flops / ms / 1e6;
}

/**
 * True if bytes or tensors grew so much that it must be a leak. @param {NonNullable<Run["held"]>} before @param
 * {NonNullable<Run["held"]>} after
 */
export function grew(before, after) {
  return after.bytes > 1.5 * before.bytes + 2 ** 20 || after.tensors > 1.5 * before.tensors + 100;
}

/** The measurement of one row. */
class Measuring {
  /** @type {Result} */
  result = { medians: new Map(), firsts: new Map(), failed: new Set(), notes: [], failures: [] };
  /** @type {Map<string, Progress>} */
  progress = new Map();
  /** @type {Map<string, readonly number[]>} */
  first = new Map();

  /** True after a call hung: the realm does not answer any more. */
  hung = false;

  /** Systems that are absent or failed. @type {Set<string>} */
  out = new Set();

  /** @param {Row} row */
  constructor(row) {
    this.row = row;
  }

  /**
   * Calls `task`. A failure is recorded and excludes the system from the row.
   * @param {string} system
   * @param {() => Promise<void>} task
   */
  async attempt(system, task) {
    const start = performance.now();
    try {
      if (!this.hung) await inTime(task());
    } catch (error) {
      this.hung ||= error instanceof TimeoutError && !this.row.fresh;
      this.result.failures.push(`${this.row.id}: ${system} failed: ${messageOf(error)}`);
      this.leaveOut(system);
    }
    const progress = this.progress.get(system);
    if (progress) progress.spent += performance.now() - start;
  }

  /** @param {string} system whose results are missing or cannot be trusted */
  leaveOut(system) {
    this.out.add(system);
    this.result.failed.add(system);
    this.result.firsts.delete(system);
    this.progress.delete(system);
    this.first.delete(system);
  }

  /**
   * Records the first run, whose results are compared. Returns true if the system takes part.
   * @param {string} system
   * @param {Answer} answer
   * @returns {answer is Run}
   */
  begin(system, answer) {
    if ("absent" in answer) {
      this.out.add(system);
      this.result.notes.push(`${this.row.id}: ${system} is absent: ${answer.absent}`);
      return false;
    }
    this.first.set(system, answer.fingerprint);
    if (answer.first !== undefined) this.result.firsts.set(system, answer.first);
    this.progress.set(system, { steps: this.row.steps ?? 1, times: [], held: [], spent: 0 });
    return true;
  }

  /**
   * @param {string} system
   * @param {Run} run
   */
  record(system, { milliseconds, fingerprint, held }) {
    const progress = this.progress.get(system);
    if (!progress) return;
    const expected = this.first.get(system) ?? [];
    const pair = new Map([
      ["then", expected],
      ["now", fingerprint],
    ]);
    if (this.row.stateless ? oddOnes(pair).length > 0 : !fingerprint.every(Number.isFinite)) {
      throw new Error(`wrong results in a repeat: ${fingerprint.slice(0, 3).join(", ")} ...`);
    }
    if (held) progress.held.push(held);
    progress.times.push(milliseconds / progress.steps);
  }

  get repeats() {
    return this.row.repeats ?? limits.repeats;
  }

  /**
   * Compares memory after the first and the last repeat. Only for rows with a fixed number of steps: in others, a few
   * short repeats prove nothing.
   * @param {string} system
   * @param {Progress} progress
   */
  compareHeld(system, { held, times, steps }) {
    const [before, after] = [held[0], held.at(-1)];
    if (this.row.steps === undefined || !before || !after) return;
    const tell = (/** @type {NonNullable<Run["held"]>} */ now) => `${now.tensors} buffers, ${now.bytes} bytes`;
    const text = `${tell(before)} after ${steps} steps, ${tell(after)} after ${times.length * steps}`;
    if (grew(before, after)) this.result.failures.push(`${this.row.id}: ${system} leaks: ${text}`);
    else this.result.notes.push(`${this.row.id}: ${system} held ${text}`);
  }

  /** @param {string} system */
  isDone(system) {
    const progress = this.progress.get(system);
    if (this.hung || !progress || progress.times.length >= this.repeats) return true;
    return progress.times.length > 0 && progress.spent >= limits.systemMs;
  }

  finish() {
    const odd = oddOnes(this.first, this.row.tolerance);
    for (const system of odd) {
      const numbers = this.first.get(system)?.slice(0, 4).join(", ");
      this.result.failures.push(`${this.row.id}: ${system} differs from the other systems: ${numbers}`);
      this.leaveOut(system);
    }
    for (const [system, progress] of this.progress) {
      const { times, steps } = progress;
      if (times.length === 0) continue;
      this.compareHeld(system, progress);
      this.result.medians.set(system, toUnit(this.row, median(times)));
      if (times.length < this.repeats) {
        this.result.notes.push(`${this.row.id}: ${system} stopped after ${times.length} repeats of ${steps} steps`);
      }
    }
    return this.result;
  }
}

/**
 * Returns the number of steps that take about `limits.repeatMs`, found by running more and more of them.
 * @param {(steps: number) => Promise<Run>} run
 */
export async function calibrate(run) {
  for (let steps = 1; ;) {
    const { milliseconds } = await run(steps);
    const wanted = Math.ceil((limits.repeatMs * steps) / Math.max(milliseconds, 1e-3));
    const next = Math.min(wanted, 8 * steps, limits.steps);
    if (next <= 2 * steps || steps === limits.steps) return Math.max(1, Math.min(wanted, limits.steps));
    steps = next;
  }
}

/**
 * Measures a row, with systems taking turns.
 * @param {Row} row
 * @param {readonly System[]} systems
 * @param {(fresh: boolean) => Promise<Realm>} openRealm opens a realm; a fresh one is a new browser
 * @returns {Promise<Result>}
 */
export async function runRow(row, systems, openRealm) {
  const measuring = new Measuring(row);
  await (row.fresh ? runFresh(measuring, systems, openRealm) : runTogether(measuring, systems, openRealm));
  return measuring.finish();
}

/**
 * Measures all systems in one realm. If a system hangs, the others start again in a new realm, unless all of them
 * have been measured.
 * @param {Measuring} measuring
 * @param {readonly System[]} systems
 * @param {(fresh: boolean) => Promise<Realm>} openRealm
 */
async function runTogether(measuring, systems, openRealm) {
  const { progress, out } = measuring;
  let rest = systems;
  do {
    measuring.hung = false;
    await takeTurns(measuring, rest, openRealm);
    rest = rest.filter(({ id }) => !out.has(id));
  } while (measuring.hung && !rest.every(({ id }) => progress.get(id)?.times.length));
}

/**
 * @param {Measuring} measuring
 * @param {readonly System[]} systems
 * @param {(fresh: boolean) => Promise<Realm>} openRealm
 */
async function takeTurns(measuring, systems, openRealm) {
  const { row, progress } = measuring;
  const realm = await openRealm(false);
  try {
    for (const { id } of systems) {
      await measuring.attempt(id, async () => {
        const answer = await realm.prepare(row.id, id);
        if (!measuring.begin(id, answer) || row.steps || (answer.later ?? 0) >= limits.repeatMs) return;
        const steps = await calibrate((count) => realm.run(id, count));
        Object.assign(progress.get(id) ?? {}, { steps });
      });
    }
    for (let round = 0; round < measuring.repeats; round++) {
      for (const { id } of rotate(systems, round)) {
        const steps = progress.get(id)?.steps ?? 1;
        if (!measuring.isDone(id))
          await measuring.attempt(id, async () => measuring.record(id, await realm.run(id, steps)));
      }
    }
  } finally {
    await realm.close();
  }
}

/**
 * Runs each repeat in a new realm and times opening, preparing and the first step.
 * @param {Measuring} measuring
 * @param {readonly System[]} systems
 * @param {(fresh: boolean) => Promise<Realm>} openRealm
 */
async function runFresh(measuring, systems, openRealm) {
  for (let round = 0; round < measuring.repeats; round++) {
    for (const { id } of rotate(systems, round)) {
      if (round > 0 && measuring.isDone(id)) continue;
      await measuring.attempt(id, async () => {
        const realm = await openRealm(true);
        try {
          const answer = await realm.prepare(measuring.row.id, id);
          if (round === 0 && !measuring.begin(id, answer)) return;
          if ("absent" in answer) throw new Error(`the system is absent in a later repeat: ${answer.absent}`);
          measuring.record(id, answer);
        } finally {
          await realm.close();
        }
      });
    }
  }
}
