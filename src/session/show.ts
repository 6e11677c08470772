import { inspect } from "./inspect";
import type { Shown } from "./outputQueue";

/** What `print` shows of its arguments, as they are now. */
export function showPrinted(values: readonly unknown[]): Shown | Promise<Shown> {
  return {
    output: {
      type: "text",
      text: values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" "),
    },
  };
}

/** What a cell shows of the value of its last expression. */
export function showValue(value: unknown): Shown | Promise<Shown> {
  return { output: { type: "value", text: inspect(value) } };
}
