import type { KindInfo } from "../../base/info";
import { concat } from "../../tensor/ops/concat";
import type { Tensor } from "../../tensor/tensor";
import { switchField } from "../define/fields";
import type { Initializer } from "../define/initializer";
import { ones } from "../initializers/ones";
import { Gated, gatedFields, type GatedOptions } from "./families/recurrent";

/** Options of `lstm`. */
export interface LstmOptions extends GatedOptions {
  /** Starts the bias of the forget gate at 1, whatever `biasInitializer` is. Default true. */
  unitForgetBias?: boolean;
}

/** Block that `lstm` creates. */
export class Lstm extends Gated<LstmOptions> {
  static readonly info: KindInfo = {
    kind: "lstm",
    title: { en: "LSTM", zh: "长短期记忆（LSTM）" },
    description: {
      en: "Processes a sequence with a memory cell controlled by input, forget and output gates.",
      zh: "带着记忆单元逐步读取序列，由门控制写入、保留与输出。",
    },
    formula: "c_t = f_t c_{t-1} + i_t \\tanh(x_t W + h_{t-1} U + b),\\; h_t = o_t \\tanh(c_t)",
    source: "Hochreiter & Schmidhuber 1997; Keras LSTM",
    shapeRule: "recurrent",
    fields: gatedFields.toSpliced(
      -1,
      0,
      switchField("unitForgetBias", { en: "Forget bias 1", zh: "遗忘偏置为 1" }, true),
    ),
  };
  protected readonly gates = 4;
  protected override readonly stateCount = 2;

  constructor(units: number, options: LstmOptions = {}) {
    super("lstm()", units, options);
  }

  protected override addBias(width: number, initializer: Initializer): void {
    super.addBias(width, (this.options.unitForgetBias ?? true) ? withForgetBias(this.units, initializer) : initializer);
  }

  protected step(inputs: Tensor, [h, c]: readonly [Tensor, Tensor]): Tensor[] {
    const sums = inputs.add(h.matmul(this.recurrentKernel));
    const [input, forget, output] = [0, 1, 3].map((index) => this.activateGates(this.gate(sums, index)));
    const cell = forget!.mul(c).add(input!.mul(this.activate(this.gate(sums, 2))));
    return [output!.mul(this.activate(cell)), cell];
  }
}

/** Wraps an initializer so that the bias of the forget gate is 1 (Jozefowicz et al. 2015). */
function withForgetBias(units: number, initializer: Initializer): Initializer {
  return (shape, options) => {
    const bias = initializer(shape, options);
    return concat([bias.slice([0], [units]), ones()([units], options), bias.slice([2 * units])]);
  };
}

/**
 * Long short-term memory: reads a sequence one time step after another, with a memory cell that gates write, keep and
 * read.
 *
 * With $\sigma$ the gate activation, $h_0 = 0$ and $c_0 = 0$, computes for each time step
 *
 * - input gate $i_t = \sigma(x_t W_i + h_{t-1} U_i + b_i)$, forget gate $f_t$ and output gate $o_t$ likewise
 * - cell $c_t = f_t c_{t-1} + i_t \tanh(x_t W_c + h_{t-1} U_c + b_c)$
 * - output $h_t = o_t \tanh(c_t)$
 *
 * `[batch, steps, features]` -> `[batch, units]`, or `[batch, steps, units]` with `returnSequences`.
 *
 * Parameters `kernel` `[features, 4 * units]`, `recurrentKernel` `[units, 4 * units]` and `bias` `[4 * units]`, columns
 * in the order input, forget, cell, output.
 * @param units length of the output, a whole number >= 1
 * @param options `activation` defaults to "tanh", `recurrentActivation` to "sigmoid", `useBias` and `unitForgetBias` to
 *   true, `kernelInitializer` to glorotUniform, `recurrentInitializer` to orthogonal, `biasInitializer` to zeros,
 *   `returnSequences` to false
 * @throws ArgumentError for a value out of range and for an unknown option; `call` throws ShapeError for an input that
 *   is not rank 3 or has other features
 * @see Hochreiter & Schmidhuber 1997; Jozefowicz et al. 2015 for the forget bias of 1; Keras `LSTM`; PyTorch `LSTM`
 * @example
 * const layer = lstm(1, { kernelInitializer: initializers.ones(), recurrentInitializer: initializers.zeros() });
 * layer.call(tensor([[[0], [1]]])); // => [[0.3696]]
 * layer.bias.value; // => [0, 1, 0, 0]
 */
export function lstm(units: number, options?: LstmOptions): Lstm {
  return new Lstm(units, options);
}

lstm.info = Lstm.info;
