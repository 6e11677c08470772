import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { dispatchSuite } from "./plans.devices.test";

beforeAll(openTestDevices);

dispatchSuite("GPU:0");
