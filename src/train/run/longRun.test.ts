import { longRunSuite } from "./longRun.devices.test";

longRunSuite("CPU:0");
