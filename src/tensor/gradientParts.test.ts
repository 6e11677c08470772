import { beforeAll, expect, test } from "vitest";
import { open, random, type Tensor, tensor, valueAndGrad } from "../index";
import { programsOf } from "../testing/wasmPrograms";

const cpu = { device: "CPU:0" };
const rows = 3;
const columns = 10;

interface Slice {
  readonly begin: [number, number];
  readonly end: [number, number];
}

beforeAll(async () => {
  await open();
});

/** Checks the gradient of weighted slices of x; the weights are whole numbers, so that sums are exact. */
async function check(slices: readonly Slice[], wholeUses = 0): Promise<void> {
  const expected = Array.from({ length: rows * columns }, () => 0);
  const weights = slices.map(({ begin, end }, k) => {
    const shape = [end[0] - begin[0], end[1] - begin[1]];
    const values = Float32Array.from({ length: shape[0]! * shape[1]! }, (_, i) => 100 * (k + 1) + i);
    for (let i = 0; i < values.length; i++) {
      const [row, column] = [begin[0] + Math.floor(i / shape[1]!), begin[1] + (i % shape[1]!)];
      expected[row * columns + column]! += values[i]!;
    }
    return tensor(values, cpu).reshape(shape);
  });
  const x = random.normal([rows, columns], cpu);
  const loss = (): Tensor => {
    const parts = slices.map(({ begin, end }, k) => x.slice(begin, end).mul(weights[k]!).sum());
    const wholes = Array.from({ length: wholeUses }, () => x.mul(1000).sum());
    return [...parts.slice(0, 1), ...wholes, ...parts.slice(1)].reduce((a, b) => a.add(b));
  };
  const { grads } = await valueAndGrad(loss, [x]);
  expect([...(await grads[0]!.data())]).toEqual(expected.map((value) => value + 1000 * wholeUses));
}

/** The columns from one up to another, in all rows. */
function strip(from: number, to: number): Slice {
  return { begin: [0, from], end: [rows, to] };
}

test("the gradient of adjacent slices contains that of each slice at its position", async () => {
  await check([strip(0, 4), strip(4, 10)]);
  await check([strip(7, 10), strip(0, 2), strip(2, 7)]);
});

test("elements outside all slices have gradient 0", async () => {
  await check([strip(1, 3), strip(5, 6), strip(7, 9)]);
  await check([strip(8, 9)]);
});

test("gradients of slices that overlap or use another axis are added", async () => {
  await check([strip(0, 6), strip(4, 10), strip(0, 10), strip(2, 3)]);
  await check([strip(0, 5), { begin: [1, 0], end: [2, 10] }, strip(5, 10), { begin: [1, 1], end: [3, 4] }]);
});

test("uses of the whole tensor between its slices are added too", async () => {
  await check([strip(0, 4), strip(4, 10)], 2);
  await check([strip(3, 4), strip(0, 3), strip(4, 10)], 1);
});

test("infinity and NaN in the gradient of one slice do not reach the others", async () => {
  const x = tensor([1, 2, 3, 4], cpu);
  const weights = [tensor([NaN, Infinity], cpu), tensor([5, -6], cpu)] as const;
  const loss = () => x.slice(0, 2).mul(weights[0]).sum().add(x.slice(2).mul(weights[1]).sum());
  const { grads } = await valueAndGrad(loss, [x]);
  expect([...(await grads[0]!.data())]).toEqual([NaN, Infinity, 5, -6]);
});

test("the gradient of all steps of a sequence is one loop without separate shaders", async () => {
  const x = random.normal([2, 20, 3], cpu);
  const loss = () =>
    Array.from({ length: 20 }, (_, k) =>
      x
        .slice([0, k], [2, k + 1])
        .mul(k)
        .sum(),
    ).reduce((a, b) => a.add(b));
  const [compiled] = await programsOf(() => valueAndGrad(loss, [x]));
  const jobs = compiled!.program.levels.flat();
  const statements = jobs.flatMap((job) => (job.kind === "loop" ? job.body : []));
  expect(jobs.filter(({ kind }) => kind === "shader")).toEqual([]);
  expect(statements.filter(({ concat }) => concat).map(({ concat }) => concat!.list.length)).toEqual([20]);
});
