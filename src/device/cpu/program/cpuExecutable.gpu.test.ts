// Runs in Chromium, whose multiply-adds round once. Node 20 has no relaxed SIMD and covers the other module.
import { beforeAll, expect, test } from "vitest";
import { openTestDevices } from "../../../testing/eachDevice";
import { planSuite } from "../../../testing/planSuite";
import { panelsModule } from "../matmul/panels";

beforeAll(openTestDevices);

planSuite("CPU:0");

test("Chromium has relaxed SIMD", () => {
  expect(panelsModule()!.name).toBe(`WebAssembly ${panelsModule()!.fuses ? "relaxed " : ""}SIMD`);
});
