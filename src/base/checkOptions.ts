/** Validation of the options object in a call's last argument, such as `{ activation: "relu" }`. */
import { ArgumentError } from "./errors";
import { didYouMean } from "./nearest";

function describeNames(known: readonly string[], form = ""): string {
  return known.length === 0 ? "no options" : `options ${known.join(", ")}${form}`;
}

/**
 * Checks the names of options. An option whose value is undefined counts as absent.
 * @throws ArgumentError if `given` is not an options object or contains an unknown option.
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
