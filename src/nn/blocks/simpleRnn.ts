import type { KindInfo } from "../../base/info";
import type { Tensor } from "../../tensor/tensor";
import { Recurrent, type RecurrentOptions, simpleFields } from "./families/recurrent";

/** Block that `simpleRnn` creates. */
export class SimpleRnn extends Recurrent {
  static readonly info: KindInfo = {
    kind: "simpleRnn",
    title: { en: "Simple RNN", zh: "简单循环" },
    description: {
      en: "Processes a sequence; each step sees the output of the previous one.",
      zh: "逐步读取序列，每一步都能看到上一步的输出。",
    },
    formula: "h_t = \\tanh(x_t W + h_{t-1} U + b)",
    source: "Keras SimpleRNN",
    shapeRule: "recurrent",
    fields: simpleFields,
  };
  protected readonly gates = 1;

  constructor(units: number, options: RecurrentOptions = {}) {
    super("simpleRnn()", units, options);
  }

  protected step(inputs: Tensor, [h]: readonly [Tensor]): Tensor[] {
    return [this.activate(inputs.add(h.matmul(this.recurrentKernel)))];
  }
}

/**
 * Simple recurrent layer: reads a sequence one time step after another; each also receives the output of the previous
 * one.
 *
 * Computes $h_t = \sigma(x_t W + h_{t-1} U + b)$ with $h_0 = 0$: `[batch, steps, features]` -> `[batch, units]`, the
 * last output, or `[batch, steps, units]`, all outputs, with `returnSequences`.
 *
 * Parameters `kernel` `[features, units]`, `recurrentKernel` `[units, units]` and `bias` `[units]`.
 * @param units length of the output, a whole number >= 1
 * @param options `activation` defaults to "tanh", `useBias` to true, `kernelInitializer` to glorotUniform,
 *   `recurrentInitializer` to orthogonal, `biasInitializer` to zeros, `returnSequences` to false
 * @throws ArgumentError for a value out of range and for an unknown option; `call` throws ShapeError for an input that
 *   is not rank 3 or has other features
 * @see Elman 1990; Keras `SimpleRNN`; PyTorch `RNN`
 * @example
 * const layer = simpleRnn(1, {
 *   activation: "linear",
 *   kernelInitializer: initializers.ones(),
 *   recurrentInitializer: initializers.ones(),
 *   returnSequences: true,
 * });
 * layer.call(tensor([[[1], [2], [3]]])); // => [[[1], [3], [6]]]
 */
export function simpleRnn(units: number, options?: RecurrentOptions): SimpleRnn {
  return new SimpleRnn(units, options);
}

simpleRnn.info = SimpleRnn.info;
