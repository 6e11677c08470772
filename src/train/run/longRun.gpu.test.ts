import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { longRunSuite } from "./longRun.devices.test";

beforeAll(openTestDevices);

longRunSuite("GPU:0");
