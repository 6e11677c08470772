/**
 * Details of a Weightroom error, which let the page point at its source. The message always states them in this order:
 * where, expected, got, remedy.
 */
export interface ErrorDetails {
  /** Where the error occurred: an op, a block's path or a file. */
  at?: string;
  expected?: string;
  got?: string;
  /** How to fix it, as a full sentence. */
  remedy?: string;
}

/** Returns the message: `Dense "head": expected input [batch, 784], got [32, 28, 28]. Add flatten() before it.` */
export function errorMessage({ at, expected, got, remedy }: ErrorDetails): string {
  const what = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(", ");
  const sentence = [at, what].filter(Boolean).join(": ");
  return remedy ? `${sentence}. ${remedy}` : `${sentence}.`;
}

/**
 * Base class of every error that Weightroom throws on purpose. Its message states where the error occurred, what was
 * expected, what was passed, and how to fix it; the fields `at`, `expected`, `got` and `remedy` contain the parts.
 *
 * @example
 * let error;
 * try {
 *   tensor([1, 2]).reshape([3]);
 * } catch (caught) {
 *   error = caught;
 * }
 * error instanceof WeightroomError; // => true
 * error.name; // => "ShapeError"
 * error.at; // => "reshape"
 */
export class WeightroomError extends Error {
  // Every class states its name, because a minifier renames classes and users read this name.
  override readonly name: string = "WeightroomError";
  readonly at?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly remedy?: string;

  constructor(details: ErrorDetails | string) {
    super(typeof details === "string" ? details : errorMessage(details));
    if (typeof details !== "string") Object.assign(this, details);
  }
}

/**
 * Thrown for shapes or axes that do not fit an op or a block.
 *
 * @example
 * let message;
 * try {
 *   tensor([1, 2]).add(tensor([1, 2, 3]));
 * } catch (error) {
 *   message = error.message;
 * }
 * message.startsWith("add: expected shapes that broadcast"); // => true
 */
export class ShapeError extends WeightroomError {
  override readonly name: string = "ShapeError";
}
/**
 * Thrown by an op that does not accept a tensor's dtype.
 *
 * @example
 * let name;
 * try {
 *   tensor([0.5, 1.5]).oneHot(2);
 * } catch (error) {
 *   name = error.name;
 * }
 * name; // => "DTypeError"
 */
export class DTypeError extends WeightroomError {
  override readonly name: string = "DTypeError";
}
/**
 * Thrown for an argument that is out of range, of the wrong kind, or an unknown option.
 *
 * @example
 * let message;
 * try {
 *   dense(3, { activaton: "relu" });
 * } catch (error) {
 *   message = error.message;
 * }
 * message.endsWith("Did you mean `activation`?"); // => true
 */
export class ArgumentError extends WeightroomError {
  override readonly name: string = "ArgumentError";
}
/**
 * Thrown for a device that does not exist, and for an op on tensors of two devices.
 *
 * @example
 * let name;
 * try {
 *   device("GPU:99");
 * } catch (error) {
 *   name = error.name;
 * }
 * name; // => "DeviceError"
 */
export class DeviceError extends WeightroomError {
  override readonly name: string = "DeviceError";
}
/**
 * Thrown on the use of a tensor that has been disposed of.
 *
 * @example
 * const x = tensor([1, 2]);
 * x.dispose();
 * let name;
 * try {
 *   x.add(1);
 * } catch (error) {
 *   name = error.name;
 * }
 * name; // => "DisposedError"
 */
export class DisposedError extends WeightroomError {
  override readonly name: string = "DisposedError";
}
/**
 * Thrown on access to the weights of a block that has not been built.
 *
 * @example
 * let name;
 * try {
 *   await dense(3).getWeights();
 * } catch (error) {
 *   name = error.name;
 * }
 * name; // => "UnbuiltError"
 */
export class UnbuiltError extends WeightroomError {
  override readonly name: string = "UnbuiltError";
}
/**
 * Thrown when a loss, a gradient or an output becomes NaN or infinite and ends a run. The weights are those before the
 * step that failed.
 *
 * @example
 * const net = sequential([dense(1)]);
 * net.compile({ optimizer: optimizers.sgd(), loss: losses.meanSquaredError });
 * let name;
 * try {
 *   await net.fit([[NaN], [1]], [[0], [1]]);
 * } catch (error) {
 *   name = error.name;
 * }
 * name; // => "NotFiniteError"
 */
export class NotFiniteError extends WeightroomError {
  override readonly name: string = "NotFiniteError";
}

/**
 * Thrown when a cell's `check` fails.
 *
 * @example
 * const error = new CheckError({ at: "check()", expected: "a true condition", got: "false" });
 * error instanceof WeightroomError; // => true
 */
export class CheckError extends WeightroomError {
  override readonly name: string = "CheckError";
}
/**
 * Thrown when saved weights do not match the block that loads them. The block keeps its weights.
 *
 * @example
 * const layer = dense(1);
 * layer.build([null, 2]);
 * let name;
 * try {
 *   await layer.setWeights([[[1], [2]]]);
 * } catch (error) {
 *   name = error.name;
 * }
 * name; // => "WeightsError"
 */
export class WeightsError extends WeightroomError {
  override readonly name: string = "WeightsError";
}

/**
 * Thrown for an allocation that exceeds the available memory. `needed` and `available` are in bytes.
 *
 * @example
 * let error;
 * try {
 *   zeros([2 ** 29 + 1], { device: "CPU:0" });
 * } catch (caught) {
 *   error = caught;
 * }
 * error.name; // => "DeviceMemoryError"
 * error.needed; // => 2147483652
 * error.available; // => 2147483648
 */
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

/**
 * Thrown for a file that violates its format. `code` is a stable identifier such as `E_MAGIC`, and `offset` is the
 * position in bytes at which the violation was found.
 *
 * @example
 * const error = new FormatError("E_MAGIC", 0, "This is not an .npy file.");
 * [error.code, error.offset]; // => ["E_MAGIC", 0]
 */
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

/**
 * Thrown by a running library call at its next step after Stop. Tensors and parameters keep their values.
 *
 * @example
 * const error = new Cancelled();
 * error instanceof WeightroomError; // => true
 */
export class Cancelled extends WeightroomError {
  override readonly name: string = "Cancelled";
  constructor() {
    super("Stopped. All values stay as they are.");
  }
}
