import { fitSuite } from "./fit.devices.test";

fitSuite("CPU:0");
