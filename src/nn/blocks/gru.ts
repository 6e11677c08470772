import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import type { Initializer } from "../initializer";
import { Gated, gatedFields, type GatedOptions } from "../recurrent";

/**
 * A gated recurrent unit: an update gate z, a reset gate r that is applied after the product (Keras's reset_after),
 * and a candidate. [batch, steps, features] -> [batch, units], or all steps with `returnSequences`. Weights, their
 * columns in the order z, r, candidate: kernel (features, 3 units), recurrentKernel (units, 3 units), bias (2, 3 units),
 * whose second row goes with the recurrent kernel. Defaults as Keras's GRU.
 */
export class Gru extends Gated {
  static readonly info: KindInfo = {
    kind: "gru",
    title: { en: "GRU", zh: "门控循环（GRU）" },
    description: {
      en: "Processes a sequence; two gates control how much of the past is kept.",
      zh: "逐步读取序列，由两个门决定保留多少过去的信息。",
    },
    formula: "h_t = z_t h_{t-1} + (1 - z_t) \\tanh(x_t W + r_t (h_{t-1} U + b))",
    source: "Cho et al. 2014; Keras GRU",
    fields: gatedFields,
  };
  protected readonly gates = 3;

  constructor(units: number, options: GatedOptions = {}) {
    super("gru()", units, options);
  }

  protected override addBias(width: number, initializer: Initializer): void {
    this.bias = this.addWeight("bias", [2, width], { initializer });
  }

  protected override get inputBias(): Operand | undefined {
    return this.bias?.slice([0], [1]).reshape([3 * this.units]);
  }

  protected override get recurrentBias(): Operand | undefined {
    return this.bias?.slice([1]);
  }

  protected step(inputs: Tensor, [h]: readonly [Tensor], bias: Operand | undefined): Tensor[] {
    const product = h.matmul(this.recurrentKernel);
    const recurrent = bias ? product.add(bias) : product;
    const gates = this.activateGates(this.gate(inputs, 0, 2).add(this.gate(recurrent, 0, 2)));
    const z = this.gate(gates, 0);
    const candidate = this.activate(this.gate(inputs, 2).add(this.gate(gates, 1).mul(this.gate(recurrent, 2))));
    return [candidate.add(z.mul(h.sub(candidate)))];
  }
}

/** @see Gru */
export function gru(units: number, options?: GatedOptions): Gru {
  return new Gru(units, options);
}

gru.info = Gru.info;
