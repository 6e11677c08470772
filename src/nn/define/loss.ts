import { checkOptions } from "../../base/checkOptions";
import { ShapeError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import { formatShape, sameShape, type Shape } from "../../base/shape";
import { withoutTemporaries } from "../../tensor/define/temporaries";
import type { Operand, Tensor } from "../../tensor/tensor";
import { resolveOptions } from "./resolveOptions";

/** Option of every loss. */
export interface SampleWeightOption {
  /**
   * Factors of the examples' losses, float32 `[batch]` or more of yTrue's first axes. The mean still counts each
   * example as one, as in Keras. Default: all 1.
   */
  sampleWeight?: Operand;
}

/** Loss: the mean over all examples, as a tensor of rank 0. */
export interface LossKind<Options extends object = object> {
  (yTrue: Operand, yPred: Operand, options?: Options & SampleWeightOption): Tensor;
  readonly info: KindInfo;
}

/**
 * Checks the shape of yTrue. Losses do not broadcast: `[32]` against `[32, 1]` would form `[32, 32]` and a number that
 * looks right.
 * @throws ShapeError if it differs from the expected shape
 */
export function expectShape(at: string, yTrue: Operand, shape: Shape): void {
  if (sameShape(yTrue.shape, shape)) return;
  throw new ShapeError({
    at,
    expected: `yTrue ${formatShape(shape)}`,
    got: formatShape(yTrue.shape),
    remedy: "Use reshape() on one of them.",
  });
}

function weighted(at: string, values: Tensor, weight: Operand): Tensor {
  const { shape } = weight;
  if (weight.dtype === "float32" && sameShape(shape, values.shape.slice(0, shape.length)))
    return values.mul(weight.reshape([...shape, ...values.shape.slice(shape.length).map(() => 1)]));
  throw new ShapeError({
    at: `${at} sampleWeight`,
    expected: `float32 of the first axes of ${formatShape(values.shape)}`,
    got: `${weight.dtype} ${formatShape(shape)}`,
  });
}

/**
 * Defines a kind of loss.
 * @param values returns the part of each element or row, in float32; the loss is their mean
 * @param shapeOf returns the expected shape of yTrue: that of yPred by default
 */
export function defineLoss<Options extends object = object>(
  info: KindInfo,
  values: (yTrue: Operand, yPred: Operand, options: Required<Options>) => Tensor,
  shapeOf: (yPred: Operand) => Shape = ({ shape }) => shape,
): LossKind<Options> {
  const at = `${info.kind}()`;
  const known = [...info.fields.map((field) => field.name), "sampleWeight"];
  const loss = (yTrue: Operand, yPred: Operand, all: Options & SampleWeightOption = {} as Options): Tensor => {
    checkOptions(at, all, known);
    const { sampleWeight, ...given } = all;
    const options = resolveOptions<Options>(info, given as Partial<Options>);
    expectShape(at, yTrue, shapeOf(yPred));
    return withoutTemporaries(() => {
      const parts = values(yTrue, yPred.cast("float32"), options);
      return (sampleWeight ? weighted(at, parts, sampleWeight) : parts).mean();
    });
  };
  return Object.assign(loss, { info });
}
