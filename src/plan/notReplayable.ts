import { ArgumentError } from "../base/errors";

/** A closure that looks at values: what it does with them may differ from run to run, so it has to run itself. */
export class NotReplayable extends ArgumentError {
  constructor(at: string) {
    super({
      at,
      expected: "a function that can be recorded once and replayed",
      got: "one that reads values, or copies them to another device",
      remedy: "Return the tensors, and read them after the call; choose between values with where().",
    });
  }
}
