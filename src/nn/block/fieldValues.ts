import type { Json, KindInfo } from "../../base/info";
import type { Initializer } from "../define/initializer";

/** Returns the values of the fields that the info of a block's kind declares, as plain data. */
export function fieldValuesOf(block: { [field: string]: unknown }): { [field: string]: Json } {
  const { info } = block.constructor as { info?: KindInfo };
  const options = block.options as { [field: string]: unknown } | undefined;
  return Object.fromEntries(
    (info?.fields ?? []).map((field) => [
      field.name,
      plainValue(block[field.name] ?? options?.[field.name] ?? field.default),
    ]),
  );
}

/** Converts a field's value to plain data: an initializer to its kind and fields, another function to its name. */
function plainValue(value: unknown): Json {
  if (typeof value !== "function") return (value ?? null) as Json;
  return (value as Initializer).config ?? value.name;
}
