/**
 * Scopes: who frees a tensor. While a scope is open, the tensors that are made
 * belong to it; when it closes it frees them, except what left it.
 */
import type { Tensor } from "./tensor";

/** Something whose fields may hold tensors past the end of a scope: a block. */
export interface Holder {
  heldTensors(): Iterable<Tensor>;
}

export interface Scope {
  /** As an error names it: `tidy()`. */
  readonly name: string;
  /** True if ops leave nodes, for a gradient. */
  readonly recording: boolean;
  readonly tensors: Set<Tensor>;
  /** What was called inside, and may have stored tensors in its fields. */
  readonly holders: Set<Holder>;
}

let open: Scope[] = [];

export function currentScope(): Scope | undefined {
  return open.at(-1);
}

/** The outermost open scope that records, if any. */
export function isRecording(): boolean {
  return open.some((scope) => scope.recording);
}

export function openScope(name: string, recording = false): Scope {
  const scope: Scope = { name, recording, tensors: new Set(), holders: new Set() };
  open.push(scope);
  return scope;
}

/** Lets the open scopes forget a tensor: only its handle frees it from now on. */
export function keep<X>(value: X): X {
  for (const tensor of tensorsIn(value)) {
    tensor.kept = true;
    for (const scope of open) scope.tensors.delete(tensor);
  }
  return value;
}

/** Closes a scope: `result` and what holders hold go to the scope around it, all else is freed. */
export function closeScope(scope: Scope, result?: unknown): void {
  open = open.filter((other) => other !== scope);
  const leaving = new Set(tensorsIn(result));
  for (const holder of scope.holders) for (const tensor of holder.heldTensors()) leaving.add(tensor);
  const outer = currentScope();
  for (const tensor of scope.tensors) {
    if (!leaving.has(tensor)) tensor.dispose(scope.name);
    else outer?.tensors.add(tensor);
  }
  for (const holder of scope.holders) outer?.holders.add(holder);
  if (!isRecording()) for (const tensor of leaving) tensor.node = undefined;
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
export function tensorsIn(value: unknown, seen = new Set<unknown>()): Tensor[] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  if (isTensor(value)) return [value];
  if (value instanceof Map) return [...value.values()].flatMap((item) => tensorsIn(item, seen));
  if (Array.isArray(value)) return value.flatMap((item) => tensorsIn(item, seen));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  return Object.values(value).flatMap((item) => tensorsIn(item, seen));
}

// By shape rather than by class, because tensor.ts imports this file.
function isTensor(value: object): value is Tensor {
  return "asTensor" in value && "kept" in value;
}
