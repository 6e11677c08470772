import type { DType } from "../../base/dtype";
import type { Shape } from "../../base/shape";
import { copyCost } from "../define/cost";
import { runFill } from "../define/runFill";
import { elementShader, runMap } from "../define/map";
import type { Op } from "../graph";

export interface CreationAttributes {
  shape: Shape;
  dtype: DType;
}

/** Fills a tensor with `value`. */
export const fillOp: Op<CreationAttributes & { value: number }> = {
  name: "full",
  info: { description: "A tensor filled with one value." },
  volatile: ["value"],
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  cost: copyCost,
  run: (call) => runFill(call, call.attributes.value),
};

const arangeShader = elementShader("arange", {
  wgsl: "fn value(i: u32) -> T {\n  return T(i);\n}",
  indexed: true,
  inputs: 0,
  reference: (i) => i,
});

/** `[0, 1, ..., n - 1]`. */
export const arangeOp: Op<CreationAttributes> = {
  name: "arange",
  info: { description: "Integers counting up from 0." },
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  cost: copyCost,
  run: (call) => runMap(call, arangeShader),
};

const eyeShader = elementShader("eye", {
  wgsl: "fn value(i: u32, n: u32) -> T {\n  return T(i % (n + 1u) == 0u);\n}",
  indexed: true,
  inputs: 0,
  words: 1,
  reference: (i, n) => Number(i % (n + 1) === 0),
});

/** The identity matrix. */
export const eyeOp: Op<CreationAttributes> = {
  name: "eye",
  info: { description: "The identity matrix." },
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  cost: copyCost,
  run: (call) => runMap(call, eyeShader, { words: [call.attributes.shape[0]!] }),
};
