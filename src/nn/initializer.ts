import type { DType } from "../base/dtype";
import type { Json, KindInfo } from "../base/info";
import type { Key } from "../base/random";
import type { Shape } from "../base/shape";
import type { Tensor } from "../tensor/tensor";
import { checkOptions } from "../base/checkOptions";

export interface InitializerOptions {
  dtype: DType;
  /** What its random numbers are drawn from: the same key, the same values. */
  key: Key;
}

/** Makes a weight's first value. Any function of this form will do; it may carry how it was called. */
export interface Initializer {
  (shape: Shape, options: InitializerOptions): Tensor;
  /** Its kind and fields, where it is a built-in one. */
  config?: { kind: string; fields: { [field: string]: Json } };
}

export type InitializerKind<Options> = ((options?: Options) => Initializer) & { info: KindInfo };

/**
 * A kind of initializer.
 * @param draw makes the tensor from the fields, with the defaults of `info` filled in.
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
 * How many inputs and outputs a kernel joins: its last two axes, times the
 * product of those before (a convolution's window). A bias [n] has n of both.
 */
export function fansOf(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0]!, fanOut: shape[0]! };
  const window = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! };
}
