import { beforeAll, expect, test } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { planSuite } from "../../testing/planSuite";

beforeAll(openTestDevices);

planSuite("GPU:0");

test("a GPU is available", async () => {
  const { devices } = await import("../../index");
  expect(devices()[0]).toBe("GPU:0");
});
