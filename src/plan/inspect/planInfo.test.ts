import { dispatchSuite } from "./plans.devices.test";

dispatchSuite("CPU:0");
