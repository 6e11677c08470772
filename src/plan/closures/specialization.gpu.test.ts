import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { replaySuite } from "./replay.devices.test";

beforeAll(openTestDevices);

replaySuite("GPU:0");
