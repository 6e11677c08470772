import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { repeatedFitSuite } from "../../testing/repeatedFitSuite";

beforeAll(openTestDevices);

repeatedFitSuite("GPU:0");
