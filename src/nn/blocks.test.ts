import { blockSuite } from "../testing/blockSuite";

blockSuite("CPU:0");
