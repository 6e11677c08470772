import { beforeAll, expect, test } from "vitest";
import { devices } from "../../index";
import { openTestDevices, testDevice } from "../../testing/eachDevice";
import { planSuite } from "../../testing/planSuite";

beforeAll(openTestDevices);

planSuite(testDevice);

test("the tested device is the default", () => {
  expect(devices()[0]).toBe(testDevice);
});
