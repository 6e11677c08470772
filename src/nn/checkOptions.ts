/** The options of blocks, by what their `info` lists. */
import { checkOptions } from "../base/checkOptions";
import type { KindInfo } from "../base/info";

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
