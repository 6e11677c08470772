import { checkOptions } from "../../base/checkOptions";
import { ArgumentError } from "../../base/errors";
import type { FieldInfo, KindInfo } from "../../base/info";

function describeRange({ type, min, max, options }: FieldInfo): string {
  if (type === "boolean") return "true or false";
  if (type === "numbers") return "a list of numbers";
  if (options) return `one of ${options.join(", ")}`;
  const bounds = [min === undefined ? [] : `>= ${min}`, max === undefined ? [] : `<= ${max}`].flat();
  return [type === "integer" ? "a whole number" : "a number", bounds.join(" and ")].filter(Boolean).join(" ");
}

function fits(field: FieldInfo, value: unknown): boolean {
  if (value === null) return field.default === null;
  if (field.type === "boolean") return typeof value === "boolean";
  if (field.options) return field.options.includes(value as string);
  if (field.type === "numbers") return Array.isArray(value) && value.every((item) => typeof item === "number");
  if (typeof value !== "number" || Number.isNaN(value)) return false;
  if (field.type === "integer" && !Number.isInteger(value)) return false;
  return value >= (field.min ?? -Infinity) && value <= (field.max ?? Infinity);
}

/**
 * Completes the options of a call with `defaults` and with the defaults of the kind's fields.
 * @throws ArgumentError for an unknown option, for a value out of its range, and for a missing option without a default
 */
export function resolveOptions<Options extends object>(
  { kind, fields }: Pick<KindInfo, "kind" | "fields">,
  given: Partial<Options>,
  defaults: Partial<Options> = {},
): Required<Options> {
  const known = Object.fromEntries(fields.map((field) => [field.name, field.default]));
  const result: Record<string, unknown> = { ...known, ...defaults };
  checkOptions(`${kind}()`, given, Object.keys(known));
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const field = fields.find((other) => other.name === name)!;
    if (!fits(field, value))
      throw new ArgumentError({ at: `${kind}() ${name}`, expected: describeRange(field), got: JSON.stringify(value) });
    result[name] = value;
  }
  const missing = Object.keys(known).find((name) => result[name] === undefined);
  if (missing) throw new ArgumentError({ at: `${kind}()`, expected: `option ${missing}`, got: "none" });
  return result as Required<Options>;
}
