import { checkOptions } from "../../base/checkOptions";
import type { DType } from "../../base/dtype";
import type { Json, KindInfo } from "../../base/info";
import type { Key } from "../../base/randomKeys";
import type { Shape } from "../../base/shape";
import type { Tensor } from "../../tensor/tensor";

/** Second argument of an initializer. */
export interface InitializerOptions {
  /** Type of the elements. */
  dtype: DType;
  /** Key of the random numbers: the same key draws the same values. */
  key: Key;
}

/** Function that returns the first value of a weight for a shape. Any function of this form is an initializer. */
export interface Initializer {
  (shape: Shape, options: InitializerOptions): Tensor;
  /** Kind and fields of a built-in initializer, to save it and to show it. */
  config?: { kind: string; fields: { [field: string]: Json } };
}

/** Function that creates an initializer from options, with its `info`. */
export type InitializerKind<Options> = ((options?: Options) => Initializer) & { info: KindInfo };

/**
 * Defines a kind of initializer.
 * @param draw computes the tensor from the options, completed by the defaults of `info`
 */
export function defineInitializer<Options extends object>(
  info: KindInfo,
  draw: (fields: Required<Options>, shape: Shape, options: InitializerOptions) => Tensor,
): InitializerKind<Options> {
  const defaults = Object.fromEntries(info.fields.map((field) => [field.name, field.default ?? null]));
  const create = (options: Partial<Options> = {}): Initializer => {
    checkOptions(`${info.kind}()`, options, Object.keys(defaults));
    const fields = { ...defaults, ...options } as Required<Options>;
    const initializer: Initializer = (shape, drawn) => draw(fields, shape, drawn);
    initializer.config = { kind: info.kind, fields: fields as { [field: string]: Json } };
    return initializer;
  };
  return Object.assign(create, { info });
}

/**
 * Returns the number of inputs and outputs that a kernel connects: the lengths of its last two axes, each times the
 * product of the axes before them (the window of a convolution). A vector `[n]` has n of both, a scalar 1.
 */
export function fansOf(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  const window = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! };
}
