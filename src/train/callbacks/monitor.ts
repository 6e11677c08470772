import { ArgumentError } from "../../base/errors";
import type { Logs } from "../run/metricSums";

/**
 * Direction in which a value improves. `"auto"` minimizes names that end in loss, error or divergence and maximizes all
 * others.
 */
export type Mode = "auto" | "min" | "max";

/** Reads and compares one value of the history. */
export class Monitor {
  private readonly sign: number;

  constructor(
    private readonly at: string,
    private readonly name: string,
    mode: Mode,
  ) {
    if (!["auto", "min", "max"].includes(mode))
      throw new ArgumentError({ at: `${at} mode`, expected: '"auto", "min" or "max"', got: JSON.stringify(mode) });
    const isLess = mode === "auto" ? /(loss|error|divergence)$/i.test(name) : mode === "min";
    this.sign = isLess ? -1 : 1;
  }

  /**
   * Returns the value of an epoch.
   * @throws ArgumentError if the epoch has no value of that name.
   */
  valueIn(logs: Logs): number {
    const value = logs[this.name];
    if (value !== undefined) return value;
    throw new ArgumentError({
      at: `${this.at} monitor`,
      expected: `one of ${Object.keys(logs).join(", ")}`,
      got: JSON.stringify(this.name),
      remedy: this.name.startsWith("val") ? "Pass validationSplit or validationData to fit()." : undefined,
    });
  }

  /** Returns how much better a value is than another: negative if it is worse. Every number is better than NaN. */
  gain(value: number, than: number): number {
    if (Number.isNaN(than)) return Number.isNaN(value) ? 0 : Infinity;
    return Number.isNaN(value) ? -Infinity : this.sign * (value - than);
  }
}
