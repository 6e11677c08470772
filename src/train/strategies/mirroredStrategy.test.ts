import { configureLogicalDevices } from "../../device/open";
import { mirroredSuite } from "./mirroredStrategy.devices.test";

configureLogicalDevices("CPU", 2);
mirroredSuite(["CPU:0", "CPU:1"]);
