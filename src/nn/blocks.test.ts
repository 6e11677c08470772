import { blockSuite } from "../testing/blockSuite";
import { trainingSuite } from "../testing/trainingSuite";

blockSuite("CPU:0");
trainingSuite("CPU:0");
