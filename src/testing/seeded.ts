/** Every test draws from the same seed, so that it says the same thing each time it runs, on devices that guard their buffers. */
import { beforeEach } from "vitest";
import { guardBuffers } from "../device/webgpu/bufferGuard";
import { stream } from "../tensor/stream";

guardBuffers(true);

// Also before the first test: for what a file draws in `beforeAll`.
stream.restart(1);
beforeEach(() => stream.restart(1));
