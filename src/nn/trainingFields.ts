/** Fields of optimizers, schedules, losses and metrics. */
import type { FieldInfo, Json } from "../base/info";

/** A number >= 0, at most `max`; to be given where it has no default. */
export function amountField(name: string, en: string, zh: string, value?: number | null, max?: number): FieldInfo {
  return field("number", name, en, zh, value, max === undefined ? { min: 0 } : { min: 0, max });
}

/** A whole number >= 1. */
export function wholeField(name: string, en: string, zh: string, value?: number): FieldInfo {
  return field("integer", name, en, zh, value, { min: 1 });
}

/** True or false, false by default. */
export function optionField(name: string, en: string, zh: string): FieldInfo {
  return field("boolean", name, en, zh, false);
}

/** For losses of scores or probabilities. */
export const fromLogitsField: FieldInfo = optionField("fromLogits", "From logits", "输入为未归一化分数");

/** For losses of classes. */
export const labelSmoothingField: FieldInfo = amountField("labelSmoothing", "Label smoothing", "标签平滑", 0, 1);

function field(
  type: FieldInfo["type"],
  name: string,
  en: string,
  zh: string,
  value: Json | undefined,
  range?: Partial<FieldInfo>,
): FieldInfo {
  return { name, title: { en, zh }, type, ...(value !== undefined && { default: value }), ...range };
}
