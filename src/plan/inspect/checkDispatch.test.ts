import { expect, test } from "vitest";
import type { Elements } from "../../device/backend";
import { backendOf, openJittered, openTwin } from "../../device/open";
import type { DryRun } from "../../device/program";
import { compileFunction, random, tensor, type Tensor, withDevice } from "../../index";
import { checkPart } from "./checkDispatch";
import { loggedPlans } from "./planLog";

/** Wraps a dry run so that the results of the part are changed. */
function spoilt(dryRun: DryRun, spoil: (after: Elements[]) => void): DryRun {
  return {
    numbers: dryRun.numbers,
    time: (part) => dryRun.time(part),
    dispose: () => dryRun.dispose(),
    async valuesAround(part, values) {
      const { before, after } = await dryRun.valuesAround(part, values);
      spoil(after);
      return { before, after };
    },
  };
}

async function checkSpoilt(fn: (x: Tensor) => Tensor, x: Tensor, spoil: (after: Elements[]) => void) {
  await compileFunction(fn)(x);
  const record = loggedPlans()[0]!;
  const dryRun = await record.dryRun()!;
  const references = {
    reference: { backend: backendOf("CPU:0"), name: "CPU float32" },
    other: backendOf(openTwin()),
    jittered: backendOf(openJittered()),
  } as const;
  try {
    return await checkPart(0, record.program, record.parts, spoilt(dryRun, spoil), references);
  } finally {
    dryRun.dispose();
  }
}

const onCpu = (fn: () => Tensor) => withDevice("CPU:0", fn);

test("a check finds no differences in correct results", async () => {
  const x = onCpu(() => random.uniform([3, 4]));
  expect(
    await checkSpoilt(
      (of) => of.mul(2).sqrt(),
      x,
      () => undefined,
    ),
  ).toEqual({
    against: "CPU float32",
    compared: 12,
    equal: 12,
    largestUlp: null,
    largestAbsolute: null,
    relative: 0,
    verdict: "same",
  });
});

test("a check locates the largest differences in ulp and in value", async () => {
  const x = onCpu(() =>
    tensor([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [0, 0, 0, 2 ** -20],
    ]),
  );
  const check = await checkSpoilt(
    (of) => of.mul(2),
    x,
    (after) => {
      for (const elements of after.slice(1)) {
        elements[6] = 15;
        elements[11] = 2 ** -18;
      }
    },
  );
  expect(check).toEqual({
    against: "CPU float32",
    compared: 12,
    equal: 10,
    largestUlp: {
      ulp: 2 ** 23,
      absolute: 2 ** -19,
      op: "mul",
      shape: [3, 4],
      index: [2, 3],
      actual: 2 ** -18,
      expected: 2 ** -19,
    },
    largestAbsolute: { ulp: 2 ** 20, absolute: 1, op: "mul", shape: [3, 4], index: [1, 2], actual: 15, expected: 14 },
    relative: 1 / 16,
    verdict: "different",
  });
});

test("a NaN on one side only is a difference, and rounding is close", async () => {
  const x = onCpu(() => tensor([1, 2, 4]));
  const nan = await checkSpoilt(
    (of) => of.mul(3),
    x,
    (after) => after.slice(1).forEach((elements) => (elements[1] = NaN)),
  );
  expect([nan.verdict, nan.largestUlp!.ulp, nan.largestUlp!.index]).toEqual(["different", Infinity, [1]]);
  const near = await checkSpoilt(
    (of) => of.mul(5),
    x,
    (after) => after.slice(1).forEach((elements) => (elements[2] = 20 + 2 ** -19)),
  );
  expect([near.verdict, near.largestUlp!.ulp]).toEqual(["close", 1]);
});

test("differences within the rounding of float32 are close, and larger ones are not", async () => {
  const x = onCpu(() => random.uniform([3, 40]));
  // Float32 leaves about three digits of x.
  const rounded = (of: Tensor) => of.add(1e4).sub(1e4);
  const moved = (by: number) => (after: Elements[]) => {
    for (const elements of after) elements.forEach((value, at) => (elements[at] = value + (at % 2) * by));
  };
  const near = await checkSpoilt(rounded, x, moved(1e-3));
  expect(near.relative).toBeGreaterThan(1e-4);
  expect(near.verdict).toBe("close");
  expect((await checkSpoilt(rounded, x, moved(1e-2))).verdict).toBe("different");
});

test("what is left where values cancel is close, however small the largest element is", async () => {
  const x = onCpu(() => random.uniform([50], 0.5, 1.5));
  // 0 in every precision, unless an op before the subtraction rounds differently.
  const cancels = (of: Tensor) => of.div(of.square().sqrt()).square().sub(1);
  const moved = (by: number) => (after: Elements[]) => after.slice(1).forEach((elements) => (elements[7] = by));
  expect(await checkSpoilt(cancels, x, moved(6e-8))).toMatchObject({ relative: Infinity, verdict: "close" });
  expect((await checkSpoilt(cancels, x, moved(1e-5))).verdict).toBe("different");
});
