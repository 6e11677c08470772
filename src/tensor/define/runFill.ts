import type { OpCall } from "../graph";
import { elementShader, runMap } from "./map";

const fillShader = elementShader("fill", {
  wgsl: "fn value(number: f32) -> T {\n  return T(number);\n}",
  inputs: 0,
  scalars: 1,
  reference: (number) => number,
});
// Whole numbers are passed as words, because beyond 2^24 float32 cannot represent all of them.
const fillWholeShader = elementShader("fill-int32", {
  wgsl: "fn value(word: u32) -> T {\n  return bitcast<T>(word);\n}",
  inputs: 0,
  words: 1,
  reference: (word) => word | 0,
});

/** Writes `value` into every element of the result of a call without inputs. */
export function runFill(call: Pick<OpCall<unknown>, "inputs" | "result" | "run">, value: number): void {
  const { dtype } = call.result;
  if (dtype === "float32") runMap(call, fillShader, { scalars: [value] });
  else runMap(call, fillWholeShader, { words: [(dtype === "bool" ? Number(value !== 0) : value) >>> 0] });
}
