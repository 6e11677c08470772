import { beforeAll } from "vitest";
import { openTestDevices } from "../testing/eachDevice";
import { fitSuite } from "../testing/fitSuite";

beforeAll(openTestDevices);

fitSuite("GPU:0");
