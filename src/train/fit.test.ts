import { fitSuite } from "../testing/fitSuite";

fitSuite("CPU:0");
