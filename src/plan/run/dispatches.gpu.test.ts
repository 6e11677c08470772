import { beforeAll, describe } from "vitest";
import { assume } from "../../device/webgpu/program/assumptions";
import { open } from "../../index";
import { hardwareGpu } from "../../testing/hardwareGpu";
import { planSuite } from "../../testing/planSuite";

/**
 * Each program of this suite is so small that it would be one program of one workgroup. Here they run as dispatches,
 * like large ones: one per job, as on a device with expensive branches, or joined, as on one with cheap branches.
 */
beforeAll(() => open(hardwareGpu));

describe("one dispatch per job", () => {
  beforeAll(() => assume({ dispatchCost: 0, maxSingleWorkgroupWork: 0 }));
  planSuite("GPU:0");
});

describe.runIf(import.meta.env?.WEIGHTROOM_FULL)("dispatches of joined jobs", () => {
  beforeAll(() => assume({ dispatchCost: Infinity, maxSingleWorkgroupWork: 0 }));
  planSuite("GPU:0");
});
