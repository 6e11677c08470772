/** Fields of optimizers, schedules, losses and metrics. */
import type { FieldInfo, Json, Localized } from "../../base/info";

/** Field of a number >= 0 and at most `max`; required without a default. */
export function amountField(name: string, title: Localized, value?: number | null, max?: number): FieldInfo {
  return field("number", name, title, value, max === undefined ? { min: 0 } : { min: 0, max });
}

/** Field of a whole number >= 1; required without a default. */
export function wholeField(name: string, title: Localized, value?: number): FieldInfo {
  return field("integer", name, title, value, { min: 1 });
}

/** Field of a boolean, false by default. */
export function optionField(name: string, title: Localized): FieldInfo {
  return field("boolean", name, title, false);
}

/** Field of losses that take scores or probabilities. */
export const fromLogitsField: FieldInfo = optionField("fromLogits", { en: "From logits", zh: "输入为未归一化分数" });

/** Field of losses of classes. */
export const labelSmoothingField: FieldInfo = amountField(
  "labelSmoothing",
  { en: "Label smoothing", zh: "标签平滑" },
  0,
  1,
);

function field(
  type: FieldInfo["type"],
  name: string,
  title: Localized,
  value: Json | undefined,
  range?: Partial<FieldInfo>,
): FieldInfo {
  return { name, title, type, ...(value !== undefined && { default: value }), ...range };
}
