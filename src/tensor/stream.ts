import { keyOf, Stream } from "../base/randomKeys";

/** Stream of the keys for draws without a key. Its seed is random until `setSeed` is called. */
export const stream: Stream = new Stream(keyOf(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)));
