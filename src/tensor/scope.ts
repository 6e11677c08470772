/**
 * Scopes: who frees a tensor. While a scope is open, the tensors that are made
 * belong to it; when it closes it frees them, except what left it.
 *
 * Asynchronous scopes may overlap, and nothing tells whose turn makes a tensor.
 * Then the one that closes first frees nothing: it hands its tensors to another
 * that is open, and its result to whoever holds the handle.
 */
/** Marks what a scope frees: a tensor. */
export const scoped: unique symbol = Symbol("scoped");

/** What a scope needs of a tensor. */
export interface Scoped {
  readonly [scoped]: true;
  /** What its gradient needs; a scope's end forgets it. */
  node: unknown;
  dispose(by?: string): void;
  /** Computes it if it is only recorded: nothing else can once its scope is closed. */
  ensureValues(): void;
}

/** Something whose fields may hold tensors past the end of a scope: a block. */
export interface Holder {
  heldTensors(): Iterable<Scoped>;
}

export interface Scope {
  /** As an error names it: `tidy()`. */
  readonly name: string;
  /** True if ops leave nodes, for a gradient. */
  readonly recording: boolean;
  /** Whether blocks called inside train; undefined: as the scope around it. */
  readonly training: boolean | undefined;
  /** True once its function returned a promise. */
  asynchronous: boolean;
  readonly tensors: Set<Scoped>;
  /** What was called inside, and may have stored tensors in its fields. */
  readonly holders: Set<Holder>;
  /** What was assigned a recorded value inside, and how that is taken back. */
  readonly effects: Map<object, () => void>;
  /** Recorded tensors that were passed to `keep`: they are computed with the scope's result. */
  readonly kept: Set<Scoped>;
  /** How many keys of the stream were drawn inside. */
  draws: number;
  /** Called where something happens inside that a replay of the graph would not do again. */
  onUnrecorded?: (what: string) => void;
  /** Called where values are awaited inside, before they are read: computes what is only recorded. Absent: op by op. */
  beforeRead?: (tensor: Scoped) => void | Promise<void>;
}

let open: Scope[] = [];

export function currentScope(): Scope | undefined {
  return open.at(-1);
}

/** The innermost scope that records. */
export function recordingScope(): Scope | undefined {
  return open.findLast((scope) => scope.recording);
}

export function isRecording(): boolean {
  return open.some((scope) => scope.recording);
}

/** Notes that something was assigned a recorded value: it becomes so when the closure ends, and not at all if it fails. */
export function noteEffect(on: object, undo: () => void): void {
  const scope = recordingScope();
  if (scope && !scope.effects.has(on)) scope.effects.set(on, undo);
}

/** Counts a key of the stream. Returns its place among those of the closure; undefined outside of closures. */
export function noteDraw(): number | undefined {
  const scope = recordingScope();
  return scope && scope.draws++;
}

/** Tells a closure of what its graph does not know, as the end of a sentence: `reads values`. */
export function noteUnrecorded(what: string): void {
  recordingScope()?.onUnrecorded?.(what);
}

/** True inside `minimize` and `fit`, or where `{ training: true }` was given. */
export function isTraining(): boolean {
  return open.findLast((scope) => scope.training !== undefined)?.training ?? false;
}

export function openScope(
  name: string,
  { recording = false, training }: { recording?: boolean; training?: boolean } = {},
): Scope {
  const scope: Scope = {
    name,
    recording,
    training,
    asynchronous: false,
    tensors: new Set(),
    holders: new Set(),
    effects: new Map(),
    kept: new Set(),
    draws: 0,
  };
  open.push(scope);
  return scope;
}

/** Takes a scope off without freeing: its tensors wait for `closeScope`, and what is made now is not its own. */
export function suspendScope(scope: Scope): void {
  open = open.filter((other) => other !== scope);
}

/** Lets the open scopes forget the tensors in a value: only their handles free them from now on. Returns the value. */
export function keep<X>(value: X): X {
  const recording = recordingScope();
  for (const tensor of tensorsIn(releaseFromScopes(value))) if (tensor.node) recording?.kept.add(tensor);
  return value;
}

/** As `keep`, for tensors that need not be computed. */
export function releaseFromScopes<X>(value: X): X {
  for (const tensor of tensorsIn(value)) for (const scope of open) scope.tensors.delete(tensor);
  return value;
}

/** Closes a scope: `result` and what holders hold go to the scope around it, all else is freed. */
export function closeScope(scope: Scope, result?: unknown): void {
  const leaving = new Set(tensorsIn(result));
  if (result !== undefined) for (const tensor of scope.kept) leaving.add(tensor);
  for (const holder of scope.holders) for (const tensor of holder.heldTensors()) leaving.add(tensor);
  if (scope.recording && result !== undefined) for (const tensor of leaving) tensor.ensureValues();
  suspendScope(scope);
  const overlapping = scope.asynchronous ? open.find((other) => other.asynchronous) : undefined;
  if (overlapping) handOver(scope, overlapping, leaving);
  else settle(scope, leaving);
  for (const holder of scope.holders) currentScope()?.holders.add(holder);
  if (!isRecording()) for (const tensor of leaving) tensor.node = undefined;
}

function settle(scope: Scope, leaving: ReadonlySet<Scoped>): void {
  const outer = currentScope();
  // A graph that is still being recorded may hold any of them.
  const recording = isRecording();
  for (const tensor of scope.tensors) {
    if (!leaving.has(tensor) && !recording) tensor.dispose(scope.name);
    else outer?.tensors.add(tensor);
  }
}

function handOver(scope: Scope, to: Scope, leaving: ReadonlySet<Scoped>): void {
  for (const tensor of scope.tensors) if (!leaving.has(tensor)) to.tensors.add(tensor);
  for (const tensor of leaving) for (const other of open) other.tensors.delete(tensor);
}

/** Runs `fn` outside every scope and recording: building, initialising, and the page's requests. */
export function outsideScopes<R>(fn: () => R): R {
  const before = open;
  open = [];
  try {
    return fn();
  } finally {
    open = before;
  }
}

/** The tensors in a value: itself, or inside arrays, plain objects and Maps. */
export function tensorsIn(value: unknown, seen = new Set<unknown>()): Scoped[] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  if (isScoped(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap((item) => tensorsIn(item, seen));
  if (Array.isArray(value)) return value.flatMap((item) => tensorsIn(item, seen));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  return Object.values(value).flatMap((item) => tensorsIn(item, seen));
}

function isScoped(value: object): value is Scoped {
  return scoped in value;
}
