import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { longRunSuite } from "../../testing/longRunSuite";

beforeAll(openTestDevices);

longRunSuite("GPU:0");
