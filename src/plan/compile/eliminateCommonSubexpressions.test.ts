import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Program } from "../../device/program";
import { conv2d, random, sequential, maxPool2d, optimizers, type Tensor, valueAndGrad } from "../../index";
import { pendingInOrder } from "../../tensor/graph";
import { closeScope, openScope } from "../../tensor/scope";
import { randomProgram, randomShape } from "../../testing/randomPrograms";
import { programsOf, runScript } from "../../testing/wasmPrograms";
import { gradientsOrZeros } from "../closures/valueAndGrad";
import { Lowering } from "./lower";
import { scheduleProgram } from "./scheduleProgram";

const cpu = { device: "CPU:0" };

function countOf(program: Program, name: string): number {
  const named = (job: Program["levels"][number][number]) =>
    (job.kind === "shader" && job.statement.shader.name === name) || job.kind === name;
  return program.levels.flat().filter(named).length;
}

/** Returns the program of what a closure records, with and without sharing of equal statements. */
function bothWays(record: () => Tensor[]): { shared: Program; apart: Program; inputs: readonly Tensor[] } {
  const scope = openScope("a test", { recording: true });
  const roots = record();
  const programs = [Infinity, -1].map((mostElements) => {
    const lowering = new Lowering();
    lowering.lower(pendingInOrder(roots), false);
    const outputs = [...new Set(roots.map((root) => lowering.valueOf(root)))];
    return { program: scheduleProgram(lowering, outputs, [], mostElements), inputs: lowering.inputs };
  });
  closeScope(scope);
  const [shared, apart] = programs as [(typeof programs)[0], (typeof programs)[0]];
  return { shared: shared.program, apart: apart.program, inputs: shared.inputs.map(({ tensor }) => tensor) };
}

async function expectEqualResults(record: () => Tensor[]): Promise<{ shared: Program; apart: Program }> {
  const { shared, apart, inputs } = bothWays(record);
  const data = {
    variables: [],
    inputs: (await Promise.all(inputs.map((tensor) => tensor.data()))) as Float32Array[],
    numbers: new Uint32Array(0),
  };
  expect(runScript(shared, data, "float32")).toEqual(runScript(apart, data, "float32"));
  return { shared, apart };
}

describe("equal statements", () => {
  test("a step of two convolutions takes the patches of each once", async () => {
    const net = sequential([conv2d(3, 3, { padding: "same", activation: "relu" }), maxPool2d(2), conv2d(4, 3)]);
    const x = random.normal([2, 8, 8, 2], cpu);
    net.build([null, 8, 8, 2]);
    const [compiled] = await programsOf(() => optimizers.adam().minimize(() => net.call(x).square().mean(), net));
    expect(countOf(compiled!.program, "patches")).toBe(2);
  });

  test("give the same bits shared and computed twice", async () => {
    const x = random.normal([2, 6, 5, 3], cpu);
    const kernel = random.normal([3, 2, 3, 4], cpu);
    const { shared, apart } = await expectEqualResults(() => {
      const y = x.conv2d(kernel, { padding: "same" });
      return [y, ...gradientsOrZeros(y.square().sum(), [x, kernel])];
    });
    expect([countOf(shared, "patches"), countOf(apart, "patches")]).toEqual([1, 2]);
  });

  test("are found in chains, and kept if their results are wanted", async () => {
    const x = random.normal([4, 5], cpu);
    const w = random.normal([5, 4], cpu);
    const { shared, apart } = await expectEqualResults(() => {
      const twice = [0, 1].map(() => x.matmul(w));
      const [a, b] = twice.map((y) => y.matmul(x).matmul(w));
      return [...twice, a!.add(b!)];
    });
    // The two wanted ones, and one of each that follows.
    expect([countOf(shared, "product"), countOf(apart, "product")]).toEqual([4, 6]);
  });

  test("are never draws, nor products of draws", async () => {
    const x = random.normal([8, 8], cpu);
    const [compiled] = await programsOf(async () => {
      const { rest } = await valueAndGrad(() => {
        const [a, b] = [0, 1].map(() => x.matmul(random.normal([8, 8], cpu)));
        return [a!.sum(), a!, b!];
      }, [x]);
      expect(await (rest[0] as Tensor).array()).not.toEqual(await (rest[1] as Tensor).array());
    });
    expect(countOf(compiled!.program, "product")).toBeGreaterThanOrEqual(2);
  });

  test("of any two equal compositions give the same bits shared and computed twice", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, randomShape, async (program, shape) => {
        const inputs = [random.normal(shape, cpu), random.normal(shape.toReversed(), cpu)];
        await expectEqualResults(() => {
          const [first, second] = [program(inputs), program(inputs)];
          if (first.length === 0) return [inputs[0]!.add(1)];
          return [...first.map((y, k) => y.sub(second[k]!.mul(2))), first.at(-1)!];
        });
      }),
      { numRuns: 60 },
    );
  });
});
