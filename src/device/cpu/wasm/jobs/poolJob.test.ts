import { expect, test } from "vitest";
import { random, valueAndGrad } from "../../../../index";
import { programsOf, runScript, runWasm } from "../../../../testing/wasmPrograms";

const cpu = { device: "CPU:0" };

const pools = [
  { poolSize: 2 },
  { poolSize: [2, 3] },
  { poolSize: 2, strides: 3 },
  { poolSize: 3, strides: 1 },
  { poolSize: 3, strides: 2, padding: "same" },
  { poolSize: 3, padding: "same" },
] as const;

test("pools and their gradients equal the plain loops in float32, and max pools bit by bit", async () => {
  for (const shape of [
    [2, 5, 7, 1],
    [1, 6, 6, 4],
    [2, 4, 3, 6],
    [1, 7, 8, 9],
  ]) {
    for (const pool of pools) {
      const x = random.normal(shape, cpu);
      const w = random.normal(shape, cpu);
      for (const kind of ["maxPool2d", "avgPool2d"] as const) {
        const [compiled] = await programsOf(() => valueAndGrad(() => x.mul(w)[kind](pool).square().sum(), [x, w]));
        const { program, numbers } = compiled!;
        const given = [await x.data(), await w.data()] as Float32Array[];
        const data = { variables: [], inputs: given, numbers };
        const [actual, expected] = [runWasm(program, data, { fuses: true }), runScript(program, data, "float32")];
        for (const [index, values] of actual.entries()) {
          const what = `result ${index} of ${kind} of ${JSON.stringify([shape, pool])}`;
          // The loss is a sum whose order differs.
          if (kind === "maxPool2d" && index > 0) expect(values, what).toEqual(expected[index]);
          else values.forEach((value, k) => expect(value, what).toBeCloseTo(expected[index]![k]!, 3));
        }
        expect(program.levels.flat().filter((job) => job.kind === "shader").length).toBe(2);
      }
    }
  }
});
