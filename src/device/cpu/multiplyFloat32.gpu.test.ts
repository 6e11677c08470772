import { expect, test } from "vitest";
import { productSuite } from "../../testing/productSuite";
import { plainModule, relaxedModule } from "./matmulWasm";
import { multiplierName, openMultiplier } from "./multiplyFloat32";

// Chromium has relaxed SIMD since version 114.
productSuite("WebAssembly SIMD", openMultiplier(plainModule, false)!);
productSuite("WebAssembly relaxed SIMD", openMultiplier(relaxedModule, false)!);

test("Chromium multiplies in WebAssembly", () => {
  expect(multiplierName()).toMatch(/^WebAssembly (relaxed )?SIMD$/);
});
