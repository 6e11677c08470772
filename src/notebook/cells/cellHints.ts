import type { CellApi, CellName } from "./cellApi";

/** A word in a source and the object before its dot. */
export interface HintPosition {
  /** The last name before the dot; "" if the dot follows something else, such as a call; null without a dot. */
  object: string | null;
  word: string;
}

/** Returns the word at the end of a text. The dot of a number is not a member access: `1.` has no hints. */
export function positionOfHint(before: string): HintPosition | null {
  const [, word = ""] = /([\p{ID_Continue}$]*)$/u.exec(before) ?? [];
  const rest = before.slice(0, before.length - word.length);
  const dot = /(?:([\p{ID_Continue}$]+)|[)\]}"'`])\s*\??\.\s*$/u.exec(rest);
  if (/^\d/.test(word) || (dot?.[1] && /^\d/.test(dot[1]))) return null;
  if (dot) return { object: dot[1] ?? "", word };
  return rest.endsWith(".") ? null : { object: null, word };
}

/** Returns the call that initializes a variable: `random.normal` for `const x = await random.normal(`. */
function makerOf(name: string, sources: readonly string[]): { path: string; isNew: boolean } | null {
  const escaped = name.replaceAll("$", "\\$");
  const pattern = new RegExp(
    `(?<![.\\p{ID_Continue}$])${escaped}\\s*=\\s*(?:await\\s+)?(new\\s+)?([\\p{ID_Continue}$.]+)\\(`,
    "gu",
  );
  const last = sources.flatMap((source) => [...source.matchAll(pattern)]).at(-1);
  return last ? { path: last[2]!, isNew: last[1] !== undefined } : null;
}

function findName(api: CellApi, path: string): CellName | undefined {
  const [first, second] = path.split(".");
  const found = api.names.find(({ name }) => name === first);
  return second === undefined ? found : found?.members?.find(({ name }) => name === second);
}

/** Infers the class of a variable's value from its declaration. */
function classOf(api: CellApi, name: string, sources: readonly string[]): string | undefined {
  if (name === "this") return "Block";
  const maker = makerOf(name, sources);
  if (!maker) return undefined;
  // Nearly all classes that cells declare are blocks.
  if (maker.isNew) return api.members[maker.path] ? maker.path : "Block";
  const known = findName(api, maker.path)?.returns;
  if (known) return known;
  const method = maker.path.split(".").at(-1);
  const returned = new Set(
    Object.values(api.members).flatMap((members) => members.find((one) => one.name === method)?.returns ?? []),
  );
  return returned.size === 1 ? [...returned][0] : undefined;
}

/** Returns the members of all classes, each name once, for values of unknown class. */
function allMembers(api: CellApi): CellName[] {
  const found = new Map<string, CellName>();
  for (const member of Object.values(api.members).flat()) if (!found.has(member.name)) found.set(member.name, member);
  return [...found.values()];
}

/**
 * Returns the names that may appear at a place: the API's names, the members of a namespace or of the value's class, or
 * those of all classes if the class is unknown.
 * @param sources the code cells of the notebook, in which variables are declared
 */
export function hintsFor(api: CellApi, { object }: HintPosition, sources: readonly string[]): readonly CellName[] {
  if (object === null) return api.names;
  const list = api.names.find(({ name }) => name === object)?.members;
  if (list) return list;
  const known = object && classOf(api, object, sources);
  return (known && api.members[known]) || allMembers(api);
}

/** Returns the hint for the word around a position, or null for a name that the notebook itself declares. */
export function hintAt(
  api: CellApi,
  text: string,
  position: number,
  sources: readonly string[],
): { name: CellName; from: number; to: number } | null {
  const rest = /^[\p{ID_Continue}$]*/u.exec(text.slice(position))![0];
  const to = position + rest.length;
  const place = positionOfHint(text.slice(0, to));
  if (!place || place.word === "") return null;
  if (place.object === null && namesDeclaredIn(sources).includes(place.word)) return null;
  const name = hintsFor(api, place, sources).find((hint) => hint.name === place.word);
  return name ? { name, from: to - place.word.length, to } : null;
}

/** Returns the names that code cells declare at the top level, including those in simple patterns. */
export function namesDeclaredIn(sources: readonly string[]): string[] {
  const names = sources.flatMap((source) =>
    [
      ...source.matchAll(
        /^(?:async\s+)?(?:const|let|var|function\*?|class)\s+(?:\{([^}=]*)\}|\[([^\]=]*)\]|([\p{ID_Continue}$]+))/gmu,
      ),
    ].flatMap(([, fields, items, name]) =>
      name ? [name] : (fields ?? items ?? "").split(",").map((part) => part.split(":").at(-1)!.trim()),
    ),
  );
  return [...new Set(names)].filter((name) => /^[\p{ID_Start}$_]/u.test(name));
}
