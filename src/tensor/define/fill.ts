import type { OpCall } from "../graph";
import { mapShader, runMap } from "./map";

const fillShader = mapShader(
  "fill",
  { element: "fn element(i: u32) -> T {\n  return T(uniforms.scalars.x);\n}" },
  (_, __, { scalars }) => scalars[0]!,
);
// An int32 beyond 2^24 is not a float32: whole numbers travel as words.
const fillWholeShader = mapShader(
  "fill-int32",
  { element: "fn element(i: u32) -> T {\n  return bitcast<T>(uniforms.words.x);\n}" },
  (_, __, { words }) => words[0]! | 0,
);

/** Writes `value` into every element of the result of a call without inputs. */
export function runFill(call: Pick<OpCall<unknown>, "inputs" | "result" | "run">, value: number): void {
  const { dtype } = call.result;
  if (dtype === "float32") runMap(call, fillShader, { scalars: [value] });
  else runMap(call, fillWholeShader, { words: [(dtype === "bool" ? Number(value !== 0) : value) >>> 0] });
}
