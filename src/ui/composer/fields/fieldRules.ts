/** Validates input for fields and words the error messages. */
import type { FieldInfo, Json } from "../../../base/info";
import type { Texts } from "../../../i18n/texts";

export type CheckedField = { ok: true; value: Json | undefined } | { ok: false; error: string };

type Errors = Texts["composer"]["errors"];

/** `value` is undefined if nothing was typed and the field has a default. */
export function checkField(field: FieldInfo, text: string, errors: Errors): CheckedField {
  const typed = text.trim();
  if (typed === "") {
    return field.default === undefined ? { ok: false, error: errors.required } : { ok: true, value: undefined };
  }
  if (field.type === "integer" || field.type === "number") return checkNumber(field, typed, errors);
  if (field.type === "shape") return checkShapeText(field, typed, errors);
  if (field.name === "name" && typed.includes("/")) return { ok: false, error: errors.slash };
  return { ok: true, value: typed };
}

const numeric = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function checkNumber({ type, min, max }: FieldInfo, text: string, errors: Errors): CheckedField {
  const plain = text.replaceAll("−", "-").replaceAll("_", "");
  const value = numeric.test(plain) ? Number(plain) : NaN;
  if (!Number.isFinite(value)) return { ok: false, error: type === "integer" ? errors.whole : errors.number };
  if (type === "integer" && !Number.isSafeInteger(value)) return { ok: false, error: errors.whole };
  const [low, high] = [min !== undefined && value < min, max !== undefined && value > max];
  if ((low || high) && min !== undefined && max !== undefined) {
    return { ok: false, error: errors.between(String(min), String(max)) };
  }
  if (low) return { ok: false, error: errors.atLeast(String(min)) };
  if (high) return { ok: false, error: errors.atMost(String(max)) };
  return { ok: true, value };
}

/** Lengths may be as low as the field's `min`: -1 stands for the remaining size if a kind accepts it. */
function checkShapeText({ min = 0 }: FieldInfo, text: string, errors: Errors): CheckedField {
  const inner = text.replace(/^\[(.*)\]$/, "$1").trim();
  const parts = inner === "" ? [] : inner.replaceAll("−", "-").split(/\s*[,，]\s*/);
  return parts.every((part) => /^-?\d+$/.test(part) && Number.isSafeInteger(Number(part)) && Number(part) >= min)
    ? { ok: true, value: parts.map(Number) }
    : { ok: false, error: errors.shape };
}

/** Returns a number one step up or down, within the field's range and without rounding errors of binary fractions. */
export function stepField(
  { type, min = -Infinity, max = Infinity, step }: FieldInfo,
  value: number,
  by: number,
): number {
  const size = step ?? (type === "integer" ? 1 : Number.isFinite(max - min) ? (max - min) / 20 : 0.1);
  return Math.min(max, Math.max(min, Number((value + by * size).toPrecision(12))));
}

/** The value of a field as the text of its input. */
export function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(fieldText).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
