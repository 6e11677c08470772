import { afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  compileFunction,
  dense,
  losses,
  open,
  optimizers,
  plans,
  random,
  sequential,
  type Tensor,
} from "../../../index";
import { hardwareGpu } from "../../../testing/hardwareGpu";
import { groupJobs } from "./groupJobs";
import { assume } from "./assumptions";
import { measureDispatchCost } from "./measureDispatchCost";

beforeAll(async () => {
  expect(await open(hardwareGpu)).toBe("ready");
});

afterEach(() => {
  vi.restoreAllMocks();
  assume({});
});

/**
 * Number of jobs in one level, more than the branches that WGSL compilers accept. The slices differ in size, so none is
 * merged with another.
 */
const count = 140;

function parts(x: Tensor): Tensor[] {
  return Array.from({ length: count }, (_, row) => x.slice([row, row], [row + 1]).exp());
}

async function bitsOf(tensors: readonly Tensor[]): Promise<number[]> {
  const values = await Promise.all(tensors.map((one) => one.data()));
  return values.flatMap((data) => [...new Uint32Array(Float32Array.from(data).buffer)]);
}

/**
 * Computes all parts and returns their bits and the number of dispatches.
 * @param other makes the program differ from others
 */
async function computed(x: Tensor, other: (x: Tensor) => Tensor) {
  const compiled = compileFunction(() => [...parts(x), other(x)]);
  for (let again = 0; again < 2; again++) await compiled();
  const results = (await compiled()).slice(0, count);
  return { bits: await bitsOf(results), dispatches: plans()[0]!.dispatchCount };
}

test("jobs of one level give the same bits joined and separate", async () => {
  // Large enough that the step is not one program of one workgroup.
  const x = random.normal([250, 1000]);
  assume({ dispatchCost: Infinity });
  const joined = await computed(x, (whole) => whole.square().mul(whole.tanh()));
  assume({ dispatchCost: 0 });
  const apart = await computed(x, (whole) => whole.sub(whole.square().tanh()));
  expect(joined.bits).toEqual(apart.bits);
  expect(apart.dispatches).toBe(count + 1);
  expect(joined.dispatches).toBe(5);
});

test("a group has no more jobs than any WGSL compiler accepts, and costs no more than the dispatches that it saves", () => {
  const jobs = Array.from({ length: 200 }, (_, job) => job % 7);
  const sizeOf = (workgroups: number) => ({ workgroups, characters: 10 });
  for (const worth of [0, 50, 120, Infinity]) {
    const groups = groupJobs(jobs, sizeOf, worth);
    expect(groups.flat()).toEqual(jobs);
    expect(Math.max(...groups.map(({ length }) => length))).toBeLessThan(127);
    const joined = groups.filter(({ length }) => length > 1).map((group) => group.reduce((sum, one) => sum + one, 0));
    expect(joined.every((workgroups) => workgroups * 10 <= worth)).toBe(true);
  }
  expect(groupJobs([3, 4, 5, 9, 1, 2], sizeOf, 100)).toEqual([[3, 4], [5], [9, 1], [2]]);
  // The workgroups of other jobs step through long code too.
  expect(groupJobs([10, 1000, 10], (characters) => ({ workgroups: 4, characters }), 2000)).toEqual([
    [10],
    [1000],
    [10],
  ]);
  expect(groupJobs([], sizeOf, 100)).toEqual([]);
});

test("the worth of a dispatch is measured once per adapter", async () => {
  const gpu = await (await navigator.gpu.requestAdapter())!.requestDevice();
  const compile = vi.spyOn(gpu, "createComputePipelineAsync");
  const first = await measureDispatchCost(gpu);
  expect(first).toBeGreaterThan(0);
  expect(await measureDispatchCost(gpu)).toBe(first);
  expect(compile).toHaveBeenCalledTimes(2);
});

test("a device that rejects a program gets a plainer one, and no error surfaces", async () => {
  assume({ dispatchCost: Infinity });
  const create = Reflect.get(GPUDevice.prototype, "createShaderModule");
  let refused = 0;
  vi.spyOn(GPUDevice.prototype, "createShaderModule").mockImplementation(function (this: GPUDevice, descriptor) {
    const isFancy = /enable subgroups|else if|for \(var s = 0u; s < step\.y/.test(descriptor.code);
    if (!isFancy) return create.call(this, descriptor);
    refused++;
    return create.call(this, { ...descriptor, code: `${descriptor.code} not WGSL` });
  });
  for (const width of [3, 300]) {
    const net = sequential([dense(width, { activation: "tanh" }), dense(2)]);
    const [x, y] = [random.normal([64, 200]), random.normal([64, 2])];
    net.build([null, 200]);
    const weights = await net.getWeights();
    const train = async (device: string) => {
      net.to(device);
      await net.setWeights(weights);
      const optimizer = optimizers.sgd({ learningRate: 0.01 });
      const [input, target] = [x.to(device), y.to(device)];
      const found: number[] = [];
      for (let step = 0; step < 4; step++)
        found.push(
          await (await optimizer.minimize(() => losses.meanSquaredError(target, net.call(input)), net)).item(),
        );
      return found;
    };
    const cpu = await train("CPU:0");
    (await train("GPU:0")).forEach((loss, step) => expect(Math.abs(loss - cpu[step]!)).toBeLessThan(2e-3));
  }
  expect(refused).toBeGreaterThan(1);
});
