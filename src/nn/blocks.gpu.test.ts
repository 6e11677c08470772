import { expect } from "vitest";
import { open } from "../index";
import { blockSuite } from "../testing/blockSuite";

expect(await open()).toBe("ready");
blockSuite("GPU:0");
