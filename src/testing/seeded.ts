/**
 * Every test starts from the same seed, so that it is reproducible, and runs with the buffer guard on. Every test file
 * starts with the devices of the machine, also where files share a realm.
 */
import { afterAll, beforeEach } from "vitest";
import { closeLogicalDevices } from "../device/open";
import { guardBuffers } from "../device/webgpu/bufferGuard";
import { NanGuard } from "./nanGuard";
import { stream } from "../tensor/stream";

guardBuffers((gpu) => new NanGuard(gpu));

// Also before the first test, for draws in `beforeAll`.
stream.restart(1);
beforeEach(() => stream.restart(1));
afterAll(closeLogicalDevices);
