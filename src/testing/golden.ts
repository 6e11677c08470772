/** What NumPy and PyTorch answer: `golden/*.json`, made by scripts/makeGolden.py. */
import type { DType } from "../base/dtype";
import elementwise from "./golden/elementwise.json?raw";
import matmul from "./golden/matmul.json?raw";
import moving from "./golden/moving.json?raw";
import reductions from "./golden/reductions.json?raw";
import windows from "./golden/windows.json?raw";

export interface GoldenTensor {
  shape: number[];
  dtype: DType;
  /** Numbers that JSON does not have are their names. */
  values: (number | "NaN" | "Infinity" | "-Infinity")[];
}

export interface GoldenCase {
  op: string;
  inputs: GoldenTensor[];
  args: unknown[];
  expected: GoldenTensor;
}

const all = [elementwise, reductions, matmul, moving, windows].flatMap(
  (text) => (JSON.parse(text) as { cases: GoldenCase[] }).cases,
);

export function goldenCases(op: string): GoldenCase[] {
  return all.filter((entry) => entry.op === op);
}
