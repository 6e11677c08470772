import type { FieldInfo } from "../base/info";
import type { Clipping } from "./clipGradients";
import type { Schedule } from "./schedule";

/** What every optimizer takes. */
export interface OptimizerOptions extends Clipping {
  /** A number, or a schedule of one. */
  learningRate?: number | Schedule;
  /** Takes this part of each value off at each step, times the learning rate. Default null: none. */
  weightDecay?: number | null;
}

/** A number >= 0, at most `max`. */
export function numberField(name: string, en: string, zh: string, value: number | null, max?: number): FieldInfo {
  return { name, title: { en, zh }, type: "number", default: value, min: 0, ...(max !== undefined && { max }) };
}

export function booleanField(name: string, en: string, zh: string): FieldInfo {
  return { name, title: { en, zh }, type: "boolean", default: false };
}

/** An optimizer's fields: its own, between the learning rate and what every optimizer takes. */
export function optimizerFields(
  learningRate: number,
  own: readonly FieldInfo[] = [],
  weightDecay: number | null = null,
): FieldInfo[] {
  return [
    numberField("learningRate", "Learning rate", "学习率", learningRate),
    ...own,
    numberField("weightDecay", "Weight decay", "权重衰减", weightDecay),
    numberField("clipNorm", "Clip each gradient's norm", "按范数裁剪每个梯度", null),
    numberField("globalClipNorm", "Clip the norm of all gradients", "按整体范数裁剪梯度", null),
    numberField("clipValue", "Clip gradients' elements", "按值裁剪梯度", null),
  ];
}
