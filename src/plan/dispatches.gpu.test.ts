import { beforeAll, describe } from "vitest";
import { assume } from "../device/webgpu/program/assumptions";
import { open } from "../index";
import { hardwareGpu } from "../testing/hardwareGpu";
import { planSuite } from "../testing/planSuite";

/**
 * The programs of this suite are so small that each is one program of one workgroup. Here they are dispatches as large ones are:
 * apart as on a device with dear branches, or joined as on one with cheap ones.
 */
beforeAll(() => open(hardwareGpu));

describe("dispatches of a job each", () => {
  beforeAll(() => assume({ worthOfDispatch: 0, mostWholeWork: 0 }));
  planSuite("GPU:0");
});

describe.runIf(import.meta.env?.WEIGHTROOM_FULL)("dispatches of joined jobs", () => {
  beforeAll(() => assume({ worthOfDispatch: Infinity, mostWholeWork: 0 }));
  planSuite("GPU:0");
});
