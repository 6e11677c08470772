import type { FieldInfo } from "../../base/info";
import type { Clipping } from "./clipGradients";
import type { Schedule } from "./schedule";
import { amountField } from "./trainingFields";

/** Options of every optimizer. */
export interface OptimizerOptions extends Clipping {
  /** Learning rate, >= 0, or a schedule of it. Default 0.001; 0.01 for `sgd`. */
  learningRate?: number | Schedule;
  /**
   * Fraction of each value, >= 0, that a step subtracts, times the learning rate. Default null (0.004 for `adamW`).
   * With PyTorch's preset it is added to the gradient instead (L2), except for `adamW` and `lion`.
   */
  weightDecay?: number | null;
  /** Library whose defaults and formula apply where Keras and PyTorch differ. Default "keras". */
  preset?: "keras" | "pytorch";
}

/** Returns the fields of an optimizer: its own, between the learning rate and those of every optimizer. */
export function optimizerFields(
  learningRate: number,
  own: readonly FieldInfo[] = [],
  weightDecay: number | null = null,
): FieldInfo[] {
  return [
    amountField("learningRate", { en: "Learning rate", zh: "学习率" }, learningRate),
    ...own,
    amountField("weightDecay", { en: "Weight decay", zh: "权重衰减" }, weightDecay),
    amountField("clipNorm", { en: "Clip norm per gradient", zh: "按范数裁剪每个梯度" }, null),
    amountField("globalClipNorm", { en: "Clip global norm", zh: "按整体范数裁剪梯度" }, null),
    amountField("clipValue", { en: "Clip by value", zh: "按值裁剪梯度" }, null),
    {
      name: "preset",
      title: { en: "Convention", zh: "约定" },
      type: "string",
      options: ["keras", "pytorch"],
      default: "keras",
    },
  ];
}
