import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { poolSuite } from "./pool2d.devices.test";

beforeAll(openTestDevices);

poolSuite("GPU:0");
