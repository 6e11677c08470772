import { expect, test, vi } from "vitest";
import type { ElementFunction } from "../form";
import type { Program } from "../program";
import { CpuBackend } from "./cpuBackend";

const add: ElementFunction = {
  wgsl: "fn value(a: T, b: T) -> T { return a + b; }",
  reference: (a, b) => a + b,
  inputs: 2,
};

const ownIndex = { strides: [1], offset: 0 };
const statement = { kind: "elements", element: add, shape: [4], scalars: [], words: [] } as const;

/** Program on an input and a state of 4 elements: output = input + state, then state = output + state. */
const program: Program = {
  values: [
    { size: 4, dtype: "float32", location: { kind: "memory", offset: 0 }, stored: true },
    { size: 4, dtype: "float32", location: { kind: "variable", index: 0 }, stored: true },
    { size: 4, dtype: "float32", location: { kind: "memory", offset: 64 }, stored: true },
    { size: 4, dtype: "float32", location: { kind: "variable", index: 0 }, stored: true },
  ],
  levels: [
    [
      {
        kind: "loop",
        size: 4,
        body: [
          {
            ...statement,
            result: 2,
            reads: [
              { value: 0, ...ownIndex },
              { value: 1, ...ownIndex },
            ],
          },
        ],
      },
    ],
    [
      {
        kind: "loop",
        size: 4,
        body: [
          {
            ...statement,
            result: 3,
            reads: [
              { value: 2, ...ownIndex },
              { value: 1, ...ownIndex },
            ],
          },
        ],
      },
    ],
  ],
  memorySize: 128,
  inputs: [0],
  variables: [{ size: 4, dtype: "float32" }],
  outputs: [2],
  numbers: 0,
};

const float4 = { size: 4, dtype: "float32" } as const;
const noNumbers = new Uint32Array(0);

async function openProgram() {
  const backend = new CpuBackend("CPU:0");
  const [variable, home] = backend.allocateTogether([float4, float4], "test");
  const [input, output] = [backend.allocate(4, "float32", "test"), backend.allocate(4, "float32", "test")];
  backend.write(variable!, Float32Array.of(10, 20, 30, 40));
  const executable = await backend.compile(program, [variable!], "test");
  return { backend, executable, variable: variable!, home: home!, input, output };
}

/** Larger than the free space of any heap in these tests. */
const much = { size: 1 << 20, dtype: "float32" } as const;

for (const kind of ["a separate array", "a heap slot"] as const) {
  test(`an input in ${kind} that is written again is read again`, async () => {
    const { backend, executable, variable, home, input, output } = await openProgram();
    const given = kind === "a heap slot" ? home : input;
    const run = () => executable.run({ inputs: [given], steps: 1, numbers: noNumbers, outputs: [output] });
    backend.write(given, Float32Array.of(1, 2, 3, 4));
    run();
    expect(await backend.read(output)).toEqual(Float32Array.of(11, 22, 33, 44));
    expect(await backend.read(variable)).toEqual(Float32Array.of(21, 42, 63, 84));
    backend.write(given, Float32Array.of(0, 0, 0, 1));
    run();
    expect(await backend.read(output)).toEqual(Float32Array.of(21, 42, 63, 85));
  });
}

test("a state that one program replaces is read again as the input of another", async () => {
  const { backend, executable, variable, home, output } = await openProgram();
  const other = await backend.compile(program, [home], "test");
  backend.write(home, new Float32Array(4));
  const run = () => {
    other.run({ inputs: [variable], steps: 1, numbers: noNumbers, outputs: [output] });
    backend.write(home, new Float32Array(4));
  };
  run();
  expect(await backend.read(output)).toEqual(Float32Array.of(10, 20, 30, 40));
  executable.run({ inputs: [variable], steps: 1, numbers: noNumbers, outputs: [output] });
  run();
  expect(await backend.read(output)).toEqual(Float32Array.of(30, 60, 90, 120));
});

test("programs and heap slots keep their values when the heap grows", async () => {
  const { backend, executable, variable, input, output } = await openProgram();
  backend.write(input, Float32Array.of(1, 2, 3, 4));
  const run = () => executable.run({ inputs: [input], steps: 1, numbers: noNumbers, outputs: [output] });
  run();
  const [large] = backend.allocateTogether([much], "test");
  run();
  expect(await backend.read(output)).toEqual(Float32Array.of(22, 44, 66, 88));
  expect(await backend.read(variable)).toEqual(Float32Array.of(43, 86, 129, 172));
  backend.free(large!);
});

test("memory freed while work on it is queued stays valid for that work", async () => {
  const { backend, executable, variable, input, output } = await openProgram();
  backend.write(input, Promise.resolve(Float32Array.of(1, 2, 3, 4)));
  executable.run({ inputs: [input], steps: 2, numbers: noNumbers, outputs: [output] });
  executable.dispose();
  backend.free(variable);
  const [next] = backend.allocateTogether([float4], "test");
  backend.write(next!, Float32Array.of(7, 7, 7, 7));
  expect(await backend.read(output)).toEqual(Float32Array.of(22, 44, 66, 88));
});

test("heap slots are counted when allocated and freed, and an impossible one leaks nothing", () => {
  const backend = new CpuBackend("CPU:0");
  const slots = backend.allocateTogether([float4, much], "test");
  expect(backend.counters).toMatchObject({ buffers: 2, bytesInUse: 16 + (4 << 20) });
  for (const slot of slots) backend.free(slot);
  const impossible = { size: 2 ** 30, dtype: "float32" } as const;
  expect(() => backend.allocateTogether([float4, impossible], "parameters")).toThrow("parameters: expected at most");
  expect(backend.counters).toMatchObject({ buffers: 0, bytesInUse: 0 });
});

test("a slot that was never written contains zeros, and a written one contains a copy", async () => {
  const backend = new CpuBackend("CPU:0");
  const [empty, filled] = [backend.allocate(20, "float32", "test"), backend.allocate(20, "float32", "test")];
  const given = new Float32Array(20).fill(3);
  backend.write(filled, given);
  given.fill(4);
  expect(await backend.read(empty)).toEqual(new Float32Array(20));
  expect(await backend.read(filled)).toEqual(new Float32Array(20).fill(3));
});

test("a program whose compiler is still loading keeps the memory of its states, and later calls their order", async () => {
  vi.resetModules();
  const { CpuBackend: Fresh } = await import("./cpuBackend");
  const backend = new Fresh("CPU:0");
  const [variable] = backend.allocateTogether([float4], "test");
  const [input, output] = [backend.allocate(4, "float32", "test"), backend.allocate(4, "float32", "test")];
  backend.write(variable!, Float32Array.of(10, 20, 30, 40));
  backend.write(input, Float32Array.of(1, 2, 3, 4));
  const compiling = backend.compile(program, [variable!], "test");
  expect(compiling).toBeInstanceOf(Promise);
  backend.write(input, Float32Array.of(5, 6, 7, 8));
  backend.free(variable!);
  // While it loads, the freed memory is not given to others.
  const [next] = backend.allocateTogether([float4], "test");
  expect(next!.address).not.toBe(variable!.address);
  const executable = await compiling;
  executable.run({ inputs: [input], steps: 1, numbers: noNumbers, outputs: [output] });
  expect(await backend.read(output)).toEqual(Float32Array.of(15, 26, 37, 48));
  expect(backend.compile(program, [next!], "test")).not.toBeInstanceOf(Promise);
});
