import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { repeatedFitSuite } from "./repeatedFit.devices.test";

beforeAll(openTestDevices);

repeatedFitSuite("GPU:0");
