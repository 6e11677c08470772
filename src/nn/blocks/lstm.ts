import type { KindInfo } from "../../base/info";
import { concat } from "../../tensor/ops/concat";
import type { Tensor } from "../../tensor/tensor";
import { switchField } from "../fields";
import type { Initializer } from "../initializer";
import { ones } from "../initializers/ones";
import { Gated, gatedFields, type GatedOptions } from "../recurrent";

export interface LstmOptions extends GatedOptions {
  /** Begins with ones in the bias of the forget gate. Default true. */
  unitForgetBias?: boolean;
}

/**
 * Long short-term memory: a cell that an input gate writes, a forget gate fades and an output gate shows.
 * [batch, steps, features] -> [batch, units], or all steps with `returnSequences`. Weights, their columns in the order
 * input, forget, candidate, output: kernel (features, 4 units), recurrentKernel (units, 4 units), bias (4 units).
 * Defaults as Keras's LSTM.
 */
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

/** The bias that an initializer makes, with ones for the forget gate (Jozefowicz et al. 2015). */
function withForgetBias(units: number, initializer: Initializer): Initializer {
  return (shape, options) => {
    const bias = initializer(shape, options);
    return concat([bias.slice([0], [units]), ones()([units], options), bias.slice([2 * units])]);
  };
}

/** @see Lstm */
export function lstm(units: number, options?: LstmOptions): Lstm {
  return new Lstm(units, options);
}

lstm.info = Lstm.info;
