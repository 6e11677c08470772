import type { DType } from "../../base/dtype";
import type { Shape } from "../../base/shape";
import { runFill } from "../define/fill";
import { mapShader, runMap } from "../define/map";
import type { Op } from "../graph";

export interface CreationAttributes {
  shape: Shape;
  dtype: DType;
}

/** Every element `value`. */
export const fillOp: Op<CreationAttributes & { value: number }> = {
  name: "full",
  info: { description: "A tensor whose every element is one value." },
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  run: (call) => runFill(call, call.attributes.value),
};

const arangeShader = mapShader("arange", { element: "fn element(i: u32) -> T {\n  return T(i);\n}" }, (_, i) => i);

/** `[0, 1, ..., n - 1]`. */
export const arangeOp: Op<CreationAttributes> = {
  name: "arange",
  info: { description: "Whole numbers from 0." },
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  run: (call) => runMap(call, arangeShader),
};

const eyeShader = mapShader(
  "eye",
  { element: "fn element(i: u32) -> T {\n  return T(i % (uniforms.words.x + 1u) == 0u);\n}" },
  (_, i, { words }) => Number(i % (words[0]! + 1) === 0),
);

/** The identity matrix. */
export const eyeOp: Op<CreationAttributes> = {
  name: "eye",
  info: { description: "The identity matrix." },
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  run: (call) => runMap(call, eyeShader, { words: [call.attributes.shape[0]!] }),
};
