import { beforeAll } from "vitest";
import { dispatchSuite } from "../../testing/dispatchSuite";
import { openTestDevices } from "../../testing/eachDevice";

beforeAll(openTestDevices);

dispatchSuite("GPU:0");
