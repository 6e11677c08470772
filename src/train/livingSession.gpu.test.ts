import { beforeAll, expect, test } from "vitest";
import { openTestDevices } from "../testing/eachDevice";
import { Session } from "../testing/livingSession/session";
import { summaryOf } from "../testing/livingSession/summary";
import { usual } from "../testing/livingSession/usual";

beforeAll(openTestDevices);

/** Many where the suite runs by hand (`WEIGHTROOM_FULL`). */
const many = { from: 1, count: 2000 };
const { from: first, count: seeds } = import.meta.env?.WEIGHTROOM_FULL ? many : usual;
const count = Number(import.meta.env?.WEIGHTROOM_SEEDS || 0) || seeds;
const from = Number(import.meta.env?.WEIGHTROOM_FIRST_SEED || first);
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
