import type { FieldInfo } from "../base/info";
import type { Clipping } from "./clipGradients";
import { amountField } from "./trainingFields";
import type { Schedule } from "./schedule";

/** What every optimizer takes. */
export interface OptimizerOptions extends Clipping {
  /** A number, or a schedule of one. */
  learningRate?: number | Schedule;
  /**
   * Takes this part of each value off at each step, times the learning rate. Default null: none.
   * PyTorch's preset adds it to the gradient instead, but for `adamW`.
   */
  weightDecay?: number | null;
  /** Whose defaults and formula hold, where the two differ. Default "keras". */
  preset?: "keras" | "pytorch";
}

/** An optimizer's fields: its own, between the learning rate and what every optimizer takes. */
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
