import type { KindInfo } from "../../base/info";
import { optimizerFields } from "../optimizerFields";
import { Adam, adamFields, type AdamOptions } from "./adam";

/**
 * Adam after each value has lost `weightDecay * learningRate` of itself.
 * weightDecay 0.004 by default, 0.01 in PyTorch's preset, which is decoupled as well.
 * Source: Loshchilov & Hutter 2019; Keras AdamW.
 */
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

/** @see AdamW */
export const adamW = Object.assign((options?: AdamOptions) => new AdamW(options), { info: AdamW.info });
