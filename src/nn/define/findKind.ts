import { ArgumentError } from "../../base/errors";
import { didYouMean } from "../../base/nearest";

/**
 * Finds a kind in a list by its name, as in `compile({ optimizer: "adam" })`. The module of a list is the registry:
 * `findKind(optimizers, "adam", "compile() optimizer")`.
 * @throws ArgumentError for a name that is not in the list
 */
export function findKind<Kind>(list: Readonly<Record<string, Kind>>, name: string, at: string): Kind {
  if (Object.hasOwn(list, name)) return list[name]!;
  const names = Object.keys(list);
  const remedy = didYouMean(name, names);
  throw new ArgumentError({ at, expected: `one of ${names.join(", ")}`, got: JSON.stringify(name), remedy });
}
