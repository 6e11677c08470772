import { beforeAll } from "vitest";
import { openTestDevices } from "../testing/eachDevice";
import { fitSuite } from "./fit.devices.test";

beforeAll(openTestDevices);

fitSuite("GPU:0");
