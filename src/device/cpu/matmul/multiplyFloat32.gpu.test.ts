import { expect, test } from "vitest";
import { productSuite } from "../../../testing/productSuite";
import { plainModule, relaxedModule } from "./matmulWasm";
import { multiplierName, multiplyBy } from "./multiplyFloat32";
import { openModule } from "./panels";

// Chromium has relaxed SIMD since version 114.
productSuite("WebAssembly SIMD", multiplyBy(openModule(plainModule, false)!.module));
productSuite("WebAssembly relaxed SIMD", multiplyBy(openModule(relaxedModule, false)!.module));

test("Chromium multiplies in WebAssembly", () => {
  expect(multiplierName()).toMatch(/^WebAssembly (relaxed )?SIMD$/);
});
