import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makeMatmulWasm, target } from "../../../../scripts/generate/makeMatmulWasm.mjs";
import { productSuite } from "../../../testing/productSuite";
import { stridedOffsets } from "../stridedOffsets";
import { plainModule, relaxedModule } from "./matmulWasm";
import { multiplyBy } from "./multiplyFloat32";
import { openModule } from "./panels";
import { multiplyPlainly } from "./plainMultiply";

productSuite("plain JavaScript", multiplyPlainly);
productSuite("WebAssembly SIMD", multiplyBy(openModule(plainModule, false)!.module));
// Node 20 has relaxed SIMD only behind a flag. Newer versions and Chromium have it: see multiplyFloat32.gpu.test.ts.
const relaxed = openModule(relaxedModule, false);
if (relaxed) productSuite("WebAssembly relaxed SIMD", multiplyBy(relaxed.module));

test("the checked-in WebAssembly equals its assembled source", async () => {
  const { readFile } = await import("node:fs/promises");
  expect(await readFile(target, "utf8")).toBe(await makeMatmulWasm());
});

describe("an engine that cannot run the module", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("or lacks WebAssembly, or forbids its compilation by policy, opens none", () => {
    expect(openModule(btoa("\0asm"), false)).toBeUndefined();
    const { CompileError } = WebAssembly;
    const forbid = function () {
      throw new CompileError("violates the following Content Security policy directive");
    };
    vi.stubGlobal("WebAssembly", { validate: () => true, Module: forbid });
    expect(openModule(plainModule, false)).toBeUndefined();
    vi.stubGlobal("WebAssembly", undefined);
    expect(openModule(plainModule, false)).toBeUndefined();
  });
});

test("positions follow a walk in row-major order", () => {
  const axis = fc.record({ length: fc.integer({ min: 0, max: 4 }), stride: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(axis, { maxLength: 4 }), fc.nat(5), (axes, offset) => {
      let expected = [offset];
      for (const { length, stride } of axes) {
        expected = expected.flatMap((at) => Array.from({ length }, (_, index) => at + index * stride));
      }
      const positions = stridedOffsets(
        axes.map(({ length }) => length),
        axes.map(({ stride }) => stride),
        offset,
      );
      expect([...positions]).toEqual(expected);
    }),
  );
});
