import { configureLogicalDevices } from "../../device/open";
import { openTestDevices } from "../../testing/eachDevice";
import { mirroredSuite } from "./mirroredStrategy.devices.test";

await openTestDevices();
configureLogicalDevices("GPU", 2);
mirroredSuite(["GPU:0", "GPU:1"]);
mirroredSuite(["GPU:0", "CPU:0"]);
