/**
 * What a Weightroom error carries, so that the page can point at the place.
 * The message always reads: where, expected, got, remedy.
 */
export interface ErrorDetails {
  /** Where: an op, a block's path, a file. */
  at?: string;
  expected?: string;
  got?: string;
  /** What to do about it, as a sentence. */
  remedy?: string;
}

/** `Dense "head": expected input [batch, 784], got [32, 28, 28]. Add flatten() before it.` */
export function describeError({ at, expected, got, remedy }: ErrorDetails): string {
  const what = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(", ");
  const sentence = [at, what].filter(Boolean).join(": ");
  return remedy ? `${sentence}. ${remedy}` : `${sentence}.`;
}

/** The root of every error that Weightroom throws on purpose. */
export class WeightroomError extends Error {
  // Written out in every class: a minifier renames classes, and people read this name.
  override readonly name: string = "WeightroomError";
  readonly at?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly remedy?: string;

  constructor(details: ErrorDetails | string) {
    super(typeof details === "string" ? details : describeError(details));
    if (typeof details !== "string") Object.assign(this, details);
  }
}

/** Shapes or axes that do not fit. */
export class ShapeError extends WeightroomError {
  override readonly name: string = "ShapeError";
}
/** A dtype that an op does not take. */
export class DTypeError extends WeightroomError {
  override readonly name: string = "DTypeError";
}
/** A value out of its range, or of the wrong kind. */
export class ArgumentError extends WeightroomError {
  override readonly name: string = "ArgumentError";
}
/** An absent device, or tensors of two devices in one op. */
export class DeviceError extends WeightroomError {
  override readonly name: string = "DeviceError";
}
/** A tensor that was used after it was freed. */
export class DisposedError extends WeightroomError {
  override readonly name: string = "DisposedError";
}
/** A parameter asked for before its block was built. */
export class UnbuiltError extends WeightroomError {
  override readonly name: string = "UnbuiltError";
}
/** A loss, a gradient or an output that is NaN or infinite, which ended a run. */
export class NotFiniteError extends WeightroomError {
  override readonly name: string = "NotFiniteError";
}
/** A cell's `check` that did not hold. */
export class CheckError extends WeightroomError {
  override readonly name: string = "CheckError";
}
/** Weights that do not match the block they are loaded into. */
export class WeightsError extends WeightroomError {
  override readonly name: string = "WeightsError";
}

/** An allocation that does not fit; both sizes are in bytes. */
export class DeviceMemoryError extends WeightroomError {
  override readonly name: string = "DeviceMemoryError";
  readonly needed: number;
  readonly available: number;

  constructor(at: string, needed: number, available: number) {
    super({
      at,
      expected: `at most ${available} bytes`,
      got: `${needed} bytes`,
      remedy: "Make the tensor smaller, or free others with tidy() or dispose().",
    });
    this.needed = needed;
    this.available = available;
  }
}

/** A file that breaks its format's rules: a stable code, and the byte where it was seen. */
export class FormatError extends WeightroomError {
  override readonly name: string = "FormatError";
  readonly code: string;
  readonly offset: number;

  constructor(code: string, offset: number, sentence: string) {
    super(sentence);
    this.code = code;
    this.offset = offset;
  }
}

/** Thrown at the next step of a running library call after Stop. */
export class Cancelled extends WeightroomError {
  override readonly name: string = "Cancelled";
  constructor() {
    super("Stopped. All values stay as they are.");
  }
}
