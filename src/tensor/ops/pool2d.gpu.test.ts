import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { poolSuite } from "../../testing/poolSuite";

beforeAll(openTestDevices);

poolSuite("GPU:0");
