import { ArgumentError } from "../base/errors";

/** A closure that does what its graph does not know: it has to run itself, each time. */
export class NotReplayable extends ArgumentError {
  /**
   * @param what it does, as the end of a sentence: `reads values`
   * @param byDevice true where the function is not to blame: its device has no plan for it
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
      remedy:
        "Call it without { replay: true }, or read and copy what it returns after the call; where() chooses values.",
    });
  }
}
