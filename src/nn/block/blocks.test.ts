import { layerSuite } from "../blocks/layers.devices.test";
import { trainingSuite } from "../define/training.devices.test";
import { lossSuite } from "../losses/losses.devices.test";
import { optimizerSuite } from "../optimizers/optimizers.devices.test";
import { blockSuite } from "./block.devices.test";

blockSuite("CPU:0");
layerSuite("CPU:0");
trainingSuite("CPU:0");
optimizerSuite("CPU:0");
lossSuite("CPU:0");
