import { expect, test } from "vitest";
import { runWasm } from "../../../testing/wasmPrograms";
import type { ElementStatement, Program, ProgramValue } from "../../program";
import { writeWasm } from "./writeWasm";

/** Returns a program that computes `y = x; y = y / 2 + x`, `length` times, in one loop over 5 elements. */
function chainOf(length: number, wgsl: string): Program {
  const read = (value: number) => ({ value, strides: [1], offset: 0 });
  const body = Array.from({ length }, (_, k): ElementStatement => {
    const element = { wgsl, inputs: 2, reference: (x: number, y: number) => x * 0.5 + y };
    const reads = [read(k), read(0)];
    return { kind: "elements", result: k + 1, element, shape: [5], reads, scalars: [], words: [] };
  });
  const values = Array.from({ length: length + 1 }, (_, k): ProgramValue => {
    const offset = k === 0 ? 0 : 64;
    return { size: 5, dtype: "float32", location: { kind: "memory", offset }, stored: k === 0 || k === length };
  });
  const levels = [[{ kind: "loop", size: 5, body }] as const];
  return { values, levels, memorySize: 128, inputs: [0], variables: [], outputs: [length], numbers: 0 };
}

test("a chain of 20,000 statements compiles to one loop", () => {
  const program = chainOf(20_000, "fn value(x: T, y: T) -> T {\n  return x * 0.5 + y;\n}");
  const data = { variables: [], inputs: [Float32Array.of(1, -2, 3, 0, 8)], numbers: new Uint32Array(0) };
  expect(runWasm(program, data, { fuses: false })).toEqual([Float32Array.of(2, -4, 6, 0, 16)]);
});

test("a job with unsupported WGSL runs in JavaScript", () => {
  const program = chainOf(2, "fn value(x: T, y: T) -> T {\n  return dpdx(x) + y;\n}");
  expect(writeWasm(program, { memory: 0, variables: [], numbers: 0 }, { fuses: false }).jobs).toEqual([
    { kind: "script" },
  ]);
});
