import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { modelGradientSuite } from "../../testing/modelGradientSuite";

beforeAll(openTestDevices);

modelGradientSuite("GPU:0");
