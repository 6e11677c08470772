import { configureLogicalDevices } from "../../device/open";
import { mirroredSuite } from "../../testing/mirroredSuite";

configureLogicalDevices("CPU", 2);
mirroredSuite(["CPU:0", "CPU:1"]);
