import { blockSuite } from "../../testing/blockSuite";
import { layerSuite } from "../../testing/layerSuite";
import { lossSuite } from "../../testing/lossSuite";
import { optimizerSuite } from "../../testing/optimizerSuite";
import { trainingSuite } from "../../testing/trainingSuite";

blockSuite("CPU:0");
layerSuite("CPU:0");
trainingSuite("CPU:0");
optimizerSuite("CPU:0");
lossSuite("CPU:0");
