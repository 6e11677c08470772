import { ArgumentError } from "../../base/errors";

/** Reports a closure that does something its graph does not contain, so that it must run itself each time. */
export class NotReplayable extends ArgumentError {
  /**
   * @param what the obstacle, as the end of a sentence: `reads values`
   * @param byDevice true if the function could be replayed, but its device has no plan for it
   */
  constructor(
    at: string,
    what: string,
    readonly byDevice = false,
  ) {
    super({
      at,
      expected: "a function that can be recorded once and replayed",
      got: `one that ${what}`,
      remedy: "Remove { replay: true }, read or copy tensors after the call, or choose values with where().",
    });
  }
}
