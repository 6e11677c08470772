import { expect } from "vitest";
import { open } from "../../index";
import { layerSuite } from "../blocks/layers.devices.test";
import { trainingSuite } from "../define/training.devices.test";
import { lossSuite } from "../losses/losses.devices.test";
import { optimizerSuite } from "../optimizers/optimizers.devices.test";
import { blockSuite } from "./block.devices.test";

expect(await open()).toBe("ready");
blockSuite("GPU:0");
layerSuite("GPU:0");
trainingSuite("GPU:0");
optimizerSuite("GPU:0");
lossSuite("GPU:0");
