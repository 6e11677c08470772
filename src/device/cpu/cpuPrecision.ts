/** How float32 results are rounded. */
import { oneUlpOff } from "../../base/floatDistance";

/**
 * `float32` as devices do; `float64` not at all; `jittered` to the float32 beside the nearest, up or down. What a program
 * returns in `jittered` differs from its float32 result by as much as the rounding of its ops can make.
 */
export type Precision = "float32" | "float64" | "jittered";

/** Rounds a result in `jittered`. */
export function jitter(value: number): number {
  return oneUlpOff(Math.fround(value));
}
