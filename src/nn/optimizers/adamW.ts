import type { KindInfo } from "../../base/info";
import { optimizerFields } from "../define/optimizerFields";
import { Adam, adamFields, type AdamOptions } from "./adam";

/** Optimizer that `adamW` creates. */
export class AdamW extends Adam {
  static override readonly info: KindInfo = {
    kind: "adamW",
    title: { en: "AdamW", zh: "AdamW" },
    description: { en: "Adam with weight decay decoupled from the gradient.", zh: "权重衰减与梯度分离的 Adam。" },
    formula: "w \\leftarrow (1 - \\eta \\lambda) w - \\eta \\frac{\\hat{m}}{\\sqrt{\\hat{v}} + \\epsilon}",
    source: "Loshchilov & Hutter 2019; Keras AdamW",
    fields: optimizerFields(0.001, adamFields, 0.004),
  };
  static override readonly pytorch = { ...Adam.pytorch, weightDecay: 0.01 };

  protected override get decaysGradient(): boolean {
    return false;
  }
}

/**
 * AdamW: Adam with weight decay that is separate from the gradient.
 *
 * $w \leftarrow (1 - \eta \lambda) w$, then the update of `adam`; also with PyTorch's preset.
 * @param options `learningRate`, $\eta$, defaults to 0.001, `weightDecay`, $\lambda$, to 0.004, `beta1` to 0.9, `beta2`
 *   to 0.999, `epsilon` to 1e-7, `amsgrad` to false, the three bounds of gradients to null. With `preset: "pytorch"`,
 *   `weightDecay` defaults to 0.01 and `epsilon` to 1e-8.
 * @throws ArgumentError for an option out of range or unknown, and for two bounds of gradients
 * @see Loshchilov & Hutter 2019; Keras `AdamW`; PyTorch `AdamW`
 * @example
 * const w = new Parameter("w", tensor([1]));
 * await optimizers.adamW({ learningRate: 0.1 }).minimize(() => w.square().sum(), [w]); // => 1
 * w.value; // => [0.8996]
 */
export const adamW = Object.assign((options?: AdamOptions) => new AdamW(options), { info: AdamW.info });
