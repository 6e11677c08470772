import { expect } from "vitest";
import { open } from "../../index";
import { blockSuite } from "../../testing/blockSuite";
import { layerSuite } from "../../testing/layerSuite";
import { lossSuite } from "../../testing/lossSuite";
import { optimizerSuite } from "../../testing/optimizerSuite";
import { trainingSuite } from "../../testing/trainingSuite";

expect(await open()).toBe("ready");
blockSuite("GPU:0");
layerSuite("GPU:0");
trainingSuite("GPU:0");
optimizerSuite("GPU:0");
lossSuite("GPU:0");
