import type { KindInfo } from "../../base/info";
import type { Operand, Tensor } from "../../tensor/tensor";
import type { Initializer } from "../define/initializer";
import { Gated, gatedFields, type GatedOptions } from "./families/recurrent";

/** Block that `gru` creates. */
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
    shapeRule: "recurrent",
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

/**
 * Gated recurrent unit: reads a sequence one time step after another; two gates decide how much of the past to keep.
 *
 * With $\sigma$ the gate activation and $h_0 = 0$, computes for each time step
 *
 * - update gate $z_t = \sigma(x_t W_z + h_{t-1} U_z + b_z)$
 * - reset gate $r_t = \sigma(x_t W_r + h_{t-1} U_r + b_r)$
 * - candidate $c_t = \tanh(x_t W_c + b_c + r_t (h_{t-1} U_c + b'_c))$: the reset gate acts after the product
 * - output $h_t = z_t h_{t-1} + (1 - z_t) c_t$
 *
 * `[batch, steps, features]` -> `[batch, units]`, or `[batch, steps, units]` with `returnSequences`.
 *
 * Parameters `kernel` `[features, 3 * units]`, `recurrentKernel` `[units, 3 * units]` and `bias` `[2, 3 * units]`,
 * columns in the order update, reset, candidate; the second row of the bias is added to the recurrent product.
 * @param units length of the output, a whole number >= 1
 * @param options `activation` defaults to "tanh", `recurrentActivation` to "sigmoid", `useBias` to true,
 *   `kernelInitializer` to glorotUniform, `recurrentInitializer` to orthogonal, `biasInitializer` to zeros,
 *   `returnSequences` to false
 * @throws ArgumentError for a value out of range and for an unknown option; `call` throws ShapeError for an input that
 *   is not rank 3 or has other features
 * @see Cho et al. 2014; Keras `GRU` with `reset_after=True`; PyTorch `GRU`, whose gates come in the order reset,
 *   update, candidate
 * @example
 * const layer = gru(1, { kernelInitializer: initializers.ones(), recurrentInitializer: initializers.zeros() });
 * layer.call(tensor([[[0], [1]]])); // => [[0.2048]]
 */
export function gru(units: number, options?: GatedOptions): Gru {
  return new Gru(units, options);
}

gru.info = Gru.info;
