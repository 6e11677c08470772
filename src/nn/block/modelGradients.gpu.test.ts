import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { modelGradientSuite } from "./modelGradients.devices.test";

beforeAll(openTestDevices);

modelGradientSuite("GPU:0");
