/** Every test draws from the same seed, so that it says the same thing each time it runs. */
import { beforeEach } from "vitest";
import { stream } from "../tensor/stream";

// Also before the first test: for what a file draws in `beforeAll`.
stream.restart(1);
beforeEach(() => stream.restart(1));
