import type { KindInfo } from "../../base/info";
import { Optimizer, type Update, type UpdateCall } from "../define/optimizer";
import { optimizerFields } from "../define/optimizerFields";
import { type MomentsOptions, momentsFields } from "./adam";

/** Optimizer that `nadam` creates. */
export class Nadam extends Optimizer<MomentsOptions> {
  static readonly info: KindInfo = {
    kind: "nadam",
    title: { en: "Nadam", zh: "Nadam" },
    description: { en: "Adam with Nesterov momentum.", zh: "带 Nesterov 前瞻的 Adam。" },
    formula:
      "w \\leftarrow w - \\frac{\\eta}{\\sqrt{\\hat{v}} + \\epsilon} \\left(\\frac{u_{t+1} m}{1 - U_{t+1}} + \\frac{(1 - u_t) g}{1 - U_t}\\right)",
    source: "Dozat 2016; Keras Nadam",
    fields: optimizerFields(0.001, momentsFields),
  };
  static readonly pytorch = { learningRate: 0.002, epsilon: 1e-8 };
  readonly slotNames = ["momentum", "velocity"];
  /** $U$ after a step, cached so that the next step does not multiply from the first. */
  private product = { step: 0, value: 1 };

  private momentumAt(step: number): number {
    return this.options.beta1 * (1 - 0.5 * 0.96 ** (step * (this.pytorch ? 0.004 : 1)));
  }

  private productAt(step: number): number {
    if (this.product.step > step) this.product = { step: 0, value: 1 };
    while (this.product.step < step) {
      const next = this.product.step + 1;
      this.product = { step: next, value: this.product.value * this.momentumAt(next) };
    }
    return this.product.value;
  }

  override rates(step: number): number[] {
    const rate = this.rateAt(step);
    const [now, ahead] = [this.momentumAt(step), this.momentumAt(step + 1)];
    const product = this.productAt(step);
    const ofMoment = (rate * ahead) / (1 - product * ahead);
    const ofGradient = (rate * (1 - now)) / (1 - product);
    return [rate, ofMoment, ofGradient, 1 / (1 - this.options.beta2 ** step)];
  }

  protected update(call: UpdateCall): Update {
    const { beta1, beta2, epsilon } = this.options;
    const { value, gradient } = call;
    const [m, v] = call.slots as [Update["value"], Update["value"]];
    const [, ofMoment, ofGradient, correction] = call.rates;
    const first = m.mul(beta1).add(gradient.mul(1 - beta1));
    const second = v.mul(beta2).add(gradient.square().mul(1 - beta2));
    const step = first.mul(ofMoment!).add(gradient.mul(ofGradient!));
    return { value: value.sub(step.div(second.mul(correction!).sqrt().add(epsilon))), slots: [first, second] };
  }
}

/**
 * Nadam: Adam with Nesterov's look-ahead.
 *
 * With $m$ and $v$ of Adam, $t$ the number of the step, from 1, $u_t = \beta_1 (1 - 0.96^t / 2)$ and
 * $U_t = u_1 \cdots u_t$:
 *
 * $w \leftarrow w - \frac{\eta}{\sqrt{v / (1 - \beta_2^t)} + \epsilon} \left(\frac{u_{t+1} m}{1 - U_{t+1}} + \frac{(1 -
 * u_t) g}{1 - U_t}\right)$
 *
 * PyTorch's preset has $0.96^{0.004 t}$ in $u_t$.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `beta1` to 0.9, `beta2` to 0.999, `epsilon` to 1e-7,
 *   `weightDecay` and the three bounds of gradients to null. With `preset: "pytorch"`, `learningRate` defaults to 0.002
 *   and `epsilon` to 1e-8.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Dozat 2016; Keras `Nadam`; PyTorch `NAdam`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.nadam({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.8937]
 */
export const nadam = Object.assign((options?: MomentsOptions) => new Nadam(options), { info: Nadam.info });
