/** Checks of blocks' options against the fields that their `info` lists. */
import { checkOptions } from "../../base/checkOptions";
import type { KindInfo } from "../../base/info";

/** Class of a block; an abstract one has no `info`. */
interface BlockKind {
  readonly name: string;
  readonly prototype: object;
  readonly info?: KindInfo;
}

/** Returns the call that creates a block as error messages write it: `dense()`. */
export function constructorLabel({ info, name }: BlockKind): string {
  return info ? `${info.kind}()` : name;
}

/** Returns the option names in the `info` of a class and of its base classes. */
function optionNames(kind: BlockKind): string[] {
  const names = new Set<string>();
  for (let one: BlockKind | null = kind; one; one = Object.getPrototypeOf(one) as BlockKind | null) {
    const fields = (Object.hasOwn(one, "info") && one.info?.fields) || [];
    for (const { name, positional } of fields) if (!positional) names.add(name);
  }
  return [...names];
}

/**
 * Checks the options of a block and returns its name, for the constructor: `super(nameFrom(options, new.target))`. A
 * subclass without its own `info` may take further options; they are not checked.
 * @throws ArgumentError for an option that no `info` lists
 */
export function nameFrom(options: { name?: string }, kind: BlockKind): string | undefined {
  // A user's class may use the name `info` for something else.
  const declared = Object.hasOwn(kind, "info") && Array.isArray(kind.info?.fields);
  if (declared) checkOptions(constructorLabel(kind), options, optionNames(kind));
  return options.name;
}
