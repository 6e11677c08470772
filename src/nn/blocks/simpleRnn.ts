import type { KindInfo } from "../../base/info";
import type { Tensor } from "../../tensor/tensor";
import { Recurrent, type RecurrentOptions, simpleFields } from "../recurrent";

/**
 * `h_t = activation(x_t kernel + h_(t-1) recurrentKernel + bias)`: [batch, steps, features] -> [batch, units], or all
 * steps with `returnSequences`. Weights: kernel (features, units), recurrentKernel (units, units), bias (units).
 * Defaults as Keras's SimpleRNN.
 */
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

/** @see SimpleRnn */
export function simpleRnn(units: number, options?: RecurrentOptions): SimpleRnn {
  return new SimpleRnn(units, options);
}

simpleRnn.info = SimpleRnn.info;
