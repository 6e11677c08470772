import { beforeAll, expect, test } from "vitest";
import { openTestDevices } from "../testing/eachDevice";
import { Session } from "../testing/livingSession/session";
import { summaryOf } from "../testing/livingSession/sessionSummary";
import { usual } from "../testing/livingSession/usual";

beforeAll(openTestDevices);

/** A large number for runs with `WEIGHTROOM_FULL`. */
const many = { from: 1, count: 2000 };
const { from: first, count: seeds } = import.meta.env?.WEIGHTROOM_FULL ? many : usual;
const count = Number(import.meta.env?.WEIGHTROOM_SEEDS || 0) || seeds;
const from = Number(import.meta.env?.WEIGHTROOM_FIRST_SEED || first);
/** Time for one model with all actions, on a busy machine. */
const secondsOfCase = 10;

test(
  `one page trains ${count} models in sequence with equal results on GPU:0 and CPU:0, and uses no more memory at the end`,
  async () => {
    const { line, serious, general } = summaryOf(await new Session().run({ from, count }));
    expect([...serious, ...general], line).toEqual([]);
  },
  count * secondsOfCase * 1000,
);
