import { keyOf, Stream } from "../base/random";

/** Where draws without a key come from. It starts anywhere, until `setSeed`. */
export const stream: Stream = new Stream(keyOf(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)));
