import { repeatedFitSuite } from "./repeatedFit.devices.test";

repeatedFitSuite("CPU:0");
