/** Recorded closures. One is open at a time: a second call waits for it, and a call inside it is an error. */
import { yieldIfDue } from "../../base/cancel";
import { ArgumentError } from "../../base/errors";
import { activity } from "../../tensor/activity";
import { closeScope, openScope, type Scope, type Scoped } from "../../tensor/scope";
import { Tensor } from "../../tensor/tensor";
import type { Computation } from "../run/computation";
import { compileRecording, execute, executeSplit, rollBackEffects } from "../run/execute";
import { NotReplayable } from "../run/notReplayable";
import type { Recording } from "../run/recording";
import { SplitReport } from "./splits";

interface Closure {
  readonly name: string;
  readonly settled: Promise<void>;
}

let open: Closure | undefined;
/**
 * True while the open closure's function runs synchronously, up to its first await. Every call made meanwhile is inside it.
 */
let isInside = false;

/**
 * If nothing was computed and no read is pending for this long, the open closure is assumed to await the call
 * that waits for it.
 */
const stuckAfterMs = 1000;

function nested(name: string, around: string): ArgumentError {
  return new ArgumentError({
    at: name,
    expected: "a call outside other closures",
    got: `a call inside ${around}`,
    remedy: "Make this call after the outer one has ended.",
  });
}

async function waitFor(closure: Closure, name: string): Promise<void> {
  let seen = activity.ops;
  let quietSince = performance.now();
  const timer = { id: undefined as ReturnType<typeof setTimeout> | undefined };
  const stuck = new Promise<never>((_, reject) => {
    const look = () => {
      const now = performance.now();
      if (activity.ops !== seen || activity.pendingReads > 0) quietSince = now;
      seen = activity.ops;
      if (now - quietSince > stuckAfterMs) reject(nested(name, closure.name));
      else timer.id = setTimeout(look, stuckAfterMs / 10);
    };
    look();
  });
  await Promise.race([closure.settled, stuck]).finally(() => clearTimeout(timer.id));
}

/**
 * What follows from a closure's result: the computation to run, and the function that turns its outputs into the result.
 */
export interface ClosureResult<R> {
  computation: Computation;
  finish(outputs: readonly Tensor[]): R;
}

/**
 * Records `fn`, runs the computation that `record` derives from its result, and frees all tensors that
 * `finish` does not return.
 */
export function runClosure<A, R>(
  name: string,
  training: boolean | undefined,
  fn: () => A | Promise<A>,
  record: (result: A) => ClosureResult<R>,
): Promise<R> {
  return withClosure(name, training, fn, async (result, scope) => {
    const { computation, finish } = record(result);
    return finish(await execute(computation, scope));
  });
}

/**
 * Records `fn` and compiles the computation that `record` derives from its result, to be run later.
 * @param wanted recorded tensors that each run returns
 * @throws NotReplayable if `fn` does something that its graph does not contain: it reads values, or copies or assigns
 *   tensors from outside
 */
export function recordClosure<A>(
  name: string,
  training: boolean | undefined,
  fn: () => A | Promise<A>,
  record: (result: A) => Computation,
  wanted: (result: A) => readonly Tensor[] = () => [],
): Promise<Recording> {
  let unrecorded: string | undefined;
  const prepare = (scope: Scope) => {
    scope.onUnrecorded = (what) => void (unrecorded ??= what);
    const { beforeRead } = scope;
    scope.beforeRead = (tensor) => {
      unrecorded ??= "reads values";
      return beforeRead?.(tensor);
    };
  };
  const compile = (result: A, scope: Scope) => {
    if (unrecorded) throw new NotReplayable(name, unrecorded);
    return compileRecording(record(result), wanted(result), scope);
  };
  return withClosure(name, training, fn, compile, prepare);
}

/**
 * Runs `fn` recorded but computes nothing except the values that it reads, op by op. Used to see what `fn` calls and returns.
 */
export function traceClosure<A>(name: string, fn: () => A | Promise<A>): Promise<A> {
  const prepare = (scope: Scope) => void delete scope.beforeRead;
  return withClosure(name, undefined, fn, (result) => Promise.resolve(result), prepare);
}

/**
 * Returns a promise of the end of the open closure, for calls that must not overlap one; undefined if none is open.
 * @throws ArgumentError inside a closure
 */
export function waitForTurn(name: string): Promise<void> | undefined {
  if (isInside) throw nested(name, open?.name ?? name);
  return open && waitFor(open, name);
}

async function withClosure<A, R>(
  name: string,
  training: boolean | undefined,
  fn: () => A | Promise<A>,
  compute: (result: A, scope: Scope) => Promise<R>,
  prepare?: (scope: Scope) => void,
): Promise<R> {
  for (let turn = waitForTurn(name); turn; turn = waitForTurn(name)) await turn;
  let settle!: () => void;
  open = { name, settled: new Promise((resolve) => (settle = resolve)) };
  let scope: Scope | undefined;
  let result: R | undefined;
  const splits = new SplitExecutor(name);
  try {
    await yieldIfDue();
    scope = openScope(name, { recording: true, training });
    scope.beforeRead = (tensor) => splits.compute(tensor);
    prepare?.(scope);
    const pending = runInside(fn);
    scope.asynchronous = pending instanceof Promise;
    const settled = await pending;
    await splits.settled();
    result = await compute(settled, scope);
    splits.reads.report();
    return result;
  } finally {
    if (scope) {
      rollBackEffects(scope);
      closeScope(scope, result);
    }
    open = undefined;
    settle();
  }
}

/** Computes parts of a closure while it runs, because it awaits their values, one part at a time. */
class SplitExecutor {
  readonly reads: SplitReport;
  private busy: Promise<void> | undefined;

  constructor(private readonly name: string) {
    this.reads = new SplitReport(name);
  }

  compute(tensor: Scoped): void | Promise<void> {
    if (!(tensor instanceof Tensor) || !tensor.pending) return;
    this.reads.countRead();
    const part = this.busy ? this.busy.then(() => this.execute(tensor)) : this.execute(tensor);
    if (!part) return;
    // The reader receives the error.
    const ended = part.then(ignore, ignore);
    this.busy = ended;
    void ended.then(() => {
      if (this.busy === ended) this.busy = undefined;
    });
    return part;
  }

  private execute(tensor: Tensor): void | Promise<void> {
    if (tensor.pending) return executeSplit(tensor, this.name);
  }

  /** Resolves when no part is being computed. */
  async settled(): Promise<void> {
    while (this.busy) await this.busy;
  }
}

function ignore(): void {}

function runInside<A>(fn: () => A): A {
  isInside = true;
  try {
    return fn();
  } finally {
    isInside = false;
  }
}
