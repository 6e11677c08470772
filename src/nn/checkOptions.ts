/** The names of what a call is given in its last argument, `{ activation: "relu" }`. */
import { ArgumentError } from "../base/errors";
import type { KindInfo } from "../base/info";
import { didYouMean } from "../base/nearest";

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

/** A block's class; an abstract one has no `info`. */
interface BlockKind {
  readonly name: string;
  readonly prototype: object;
  readonly info?: KindInfo;
}

/** How an error names the making of a block: `dense()`. */
export function callOf({ info, name }: BlockKind): string {
  return info ? `${info.kind}()` : name;
}

/** Of the class's `info` and of those that it extends. */
function optionNames(kind: BlockKind): string[] {
  const names = new Set<string>();
  for (let one: BlockKind | null = kind; one; one = Object.getPrototypeOf(one) as BlockKind | null) {
    const fields = (Object.hasOwn(one, "info") && one.info?.fields) || [];
    for (const { name, positional } of fields) if (!positional) names.add(name);
  }
  return [...names];
}

/**
 * The name that a block was given, for the constructor above: `super(nameFrom(options, new.target))`. A subclass that
 * declares no `info` of its own may take options of its own beside those: they are not checked then.
 * @throws ArgumentError for an option that no `info` lists.
 */
export function nameFrom(options: { name?: string }, kind: BlockKind): string | undefined {
  // A person's class may hold something else under that name.
  const declared = Object.hasOwn(kind, "info") && Array.isArray(kind.info?.fields);
  if (declared) checkOptions(callOf(kind), options, optionNames(kind));
  return options.name;
}
