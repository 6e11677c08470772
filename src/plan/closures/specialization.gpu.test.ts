import { beforeAll } from "vitest";
import { openTestDevices } from "../../testing/eachDevice";
import { replaySuite } from "../../testing/replaySuite";

beforeAll(openTestDevices);

replaySuite("GPU:0");
