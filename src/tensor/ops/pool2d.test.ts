import { poolSuite } from "./pool2d.devices.test";

poolSuite("CPU:0");
