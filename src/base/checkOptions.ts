/** The names of what a call is given in its last argument, `{ activation: "relu" }`. */
import { ArgumentError } from "./errors";
import { didYouMean } from "./nearest";

function describeNames(known: readonly string[], form = ""): string {
  return known.length === 0 ? "no options" : `options ${known.join(", ")}${form}`;
}

/**
 * An option given as undefined counts as not given.
 * @throws ArgumentError for an option that is not among the known ones, and for what is no object of options.
 */
export function checkOptions(at: string, given: object, known: readonly string[]): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const got = given === null ? "null" : Array.isArray(given) ? "an array" : typeof given;
    throw new ArgumentError({ at, expected: describeNames(known, " in an object"), got });
  }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.includes(name)) continue;
    throw new ArgumentError({ at, expected: describeNames(known), got: name, remedy: didYouMean(name, known) });
  }
}
