/**
 * Scopes, which free tensors. Tensors that are created while a scope is open belong to it. When it closes, it frees
 * them, except those that escape.
 *
 * Asynchronous scopes may overlap, and then it is unknown which of them creates a tensor. The one that closes first
 * frees nothing: its tensors move to another open scope, and its result belongs to no scope.
 */
/** Marks the objects that scopes free: tensors. */
export const scoped: unique symbol = Symbol("scoped");

/** The part of a tensor that scopes depend on. */
export interface Scoped {
  readonly [scoped]: true;
  /** The recorded node, which its gradient needs; the end of a scope clears it. */
  node: unknown;
  dispose(by?: string): void;
  /** Computes a pending tensor: nothing else can once its scope is closed. */
  ensureValues(): void;
}

/** An object whose fields may retain tensors past the end of a scope: a block. */
export interface FieldOwner {
  fieldTensors(): Iterable<Scoped>;
}

export interface Scope {
  /** Its name in errors: `tidy()`. */
  readonly name: string;
  /** True if ops leave nodes, for a gradient. */
  readonly recording: boolean;
  /** Whether blocks that are called inside train; undefined means as in the enclosing scope. */
  readonly training: boolean | undefined;
  /** True once its function has returned a promise. */
  asynchronous: boolean;
  readonly tensors: Set<Scoped>;
  /** Blocks that were called inside and may have stored tensors in their fields. */
  readonly fieldOwners: Set<FieldOwner>;
  /** Objects that were assigned a pending value inside, each with the function that undoes it. */
  readonly effects: Map<object, () => void>;
  /** Pending tensors that were passed to `keep`: they are computed with the scope's result. */
  readonly kept: Set<Scoped>;
  /** Number of keys of the stream that were drawn inside. */
  draws: number;
  /** Called when something happens inside that a replay of the graph would not repeat. */
  onUnrecorded?: (what: string) => void;
  /** Called before values are read inside, to compute pending ones. If absent, they are computed op by op. */
  beforeRead?: (tensor: Scoped) => void | Promise<void>;
}

let open: Scope[] = [];

export function currentScope(): Scope | undefined {
  return open.at(-1);
}

/** Returns the innermost scope that records. */
export function recordingScope(): Scope | undefined {
  return open.findLast((scope) => scope.recording);
}

export function isRecording(): boolean {
  return open.some((scope) => scope.recording);
}

/**
 * Notes that an object was assigned a pending value. The assignment takes effect when the closure ends, or not at all
 * if it throws.
 */
export function noteEffect(on: object, undo: () => void): void {
  const scope = recordingScope();
  if (scope && !scope.effects.has(on)) scope.effects.set(on, undo);
}

/** Counts a key of the stream. Returns its index among those of the closure; undefined outside closures. */
export function noteDraw(): number | undefined {
  const scope = recordingScope();
  return scope && scope.draws++;
}

/** Reports to the closure what its graph does not contain, as the end of a sentence: `reads values`. */
export function noteUnrecorded(what: string): void {
  recordingScope()?.onUnrecorded?.(what);
}

/** True inside `minimize` and `fit`, and in a call with `{ training: true }`. */
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
    fieldOwners: new Set(),
    effects: new Map(),
    kept: new Set(),
    draws: 0,
  };
  open.push(scope);
  return scope;
}

/**
 * Removes a scope from the open ones without freeing. Its tensors wait for `closeScope`; new tensors do not belong to
 * it.
 */
export function suspendScope(scope: Scope): void {
  open = open.filter((other) => other !== scope);
}

/**
 * Exempts the tensors in a value from the open scopes, so that `tidy` and its like do not free them. Returns the value.
 *
 * The value may be a tensor, or an array, plain object or Map that contains tensors. They are then freed by
 * `dispose()`, or when their handles are garbage-collected.
 * @example
 * let kept;
 * tidy(() => {
 *   kept = keep(ones([2]));
 * });
 * kept; // => [1, 1]
 */
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

/** Closes a scope. `result`, and the tensors that holders retain, move to the enclosing scope; all others are freed. */
export function closeScope(scope: Scope, result?: unknown): void {
  const leaving = new Set(tensorsIn(result));
  if (result !== undefined) for (const tensor of scope.kept) leaving.add(tensor);
  for (const owner of scope.fieldOwners) for (const tensor of owner.fieldTensors()) leaving.add(tensor);
  if (scope.recording && result !== undefined) for (const tensor of leaving) tensor.ensureValues();
  suspendScope(scope);
  const overlapping = scope.asynchronous ? open.find((other) => other.asynchronous) : undefined;
  if (overlapping) transferTensors(scope, overlapping, leaving);
  else releaseTensors(scope, leaving);
  for (const owner of scope.fieldOwners) currentScope()?.fieldOwners.add(owner);
  if (!isRecording()) for (const tensor of leaving) tensor.node = undefined;
}

function releaseTensors(scope: Scope, leaving: ReadonlySet<Scoped>): void {
  const outer = currentScope();
  // A graph that is still being recorded may reference any of them.
  const recording = isRecording();
  for (const tensor of scope.tensors) {
    if (!leaving.has(tensor) && !recording) tensor.dispose(scope.name);
    else outer?.tensors.add(tensor);
  }
}

function transferTensors(scope: Scope, to: Scope, leaving: ReadonlySet<Scoped>): void {
  for (const tensor of scope.tensors) if (!leaving.has(tensor)) to.tensors.add(tensor);
  for (const tensor of leaving) for (const other of open) other.tensors.delete(tensor);
}

/** Runs `fn` outside all scopes and recordings: for building, initializing, and requests of the page. */
export function outsideScopes<R>(fn: () => R): R {
  const before = open;
  open = [];
  try {
    return fn();
  } finally {
    open = before;
  }
}

/** Returns the tensors in a value: itself, or those inside arrays, plain objects and Maps. */
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
