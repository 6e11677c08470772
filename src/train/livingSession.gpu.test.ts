import { beforeAll, expect, test } from "vitest";
import { openTestDevices } from "../testing/eachDevice";
import { Session } from "../testing/livingSession/session";
import { summaryOf } from "../testing/livingSession/summary";

beforeAll(openTestDevices);

/** All of them where the suite runs by hand (`WEIGHTROOM_FULL`). */
const count = Number(import.meta.env?.WEIGHTROOM_SEEDS || 0) || (import.meta.env?.WEIGHTROOM_FULL ? 2000 : 60);
const from = Number(import.meta.env?.WEIGHTROOM_FIRST_SEED || 1);
/** For a case with all its actions, on a machine that is busy with other things. */
const secondsOfCase = 10;

test(
  `one page trains ${count} models, one after the other, as well on GPU:0 as on CPU:0, and holds no more at the end`,
  async () => {
    const { line, serious, general } = summaryOf(await new Session().run({ from, count }));
    expect([...serious, ...general], line).toEqual([]);
  },
  count * secondsOfCase * 1000,
);
