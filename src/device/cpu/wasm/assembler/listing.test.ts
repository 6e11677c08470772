import { expect, test } from "vitest";
import openWabt from "wabt";
import { losses, optimizers, random, sequential, dense, valueAndGrad } from "../../../../index";
import { programsOf } from "../../../../testing/wasmPrograms";
import { writeWasm } from "../writeWasm";
import { listFunctions } from "./listing";

test("the listing of a program assembles to the same functions", async () => {
  const net = sequential([dense(8, { activation: "tanh" }), dense(3)]);
  const [x, y] = [random.normal([7, 5], 0, 1, { device: "CPU:0" }), random.integers([7], 0, 3, { device: "CPU:0" })];
  const loss = () => losses.sparseCategoricalCrossentropy(y, net.call(x), { fromLogits: true });
  const compiled = await programsOf(async () => {
    await valueAndGrad(loss, net);
    await optimizers.adam().minimize(loss, net);
  });
  const wabt = await openWabt();
  for (const { program } of compiled) {
    const variables = program.variables.map((_, index) => 4096 * (index + 1));
    const { bytes, jobs } = writeWasm(program, { memory: 65_536, variables, numbers: 64 }, { fuses: true });
    const texts = listFunctions(bytes);
    expect([...texts.keys()].length).toBe(jobs.filter(({ kind }) => kind === "whole").length);
    const text = `(module (import "env" "memory" (memory 0))\n${[...texts.values()].join("\n")})`;
    const parsed = wabt.parseWat("program.wat", text, { relaxed_simd: true });
    expect(listFunctions(new Uint8Array(parsed.toBinary({}).buffer))).toEqual(texts);
  }
});
