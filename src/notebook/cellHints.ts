import type { CellApi, CellName } from "./cellApi";

/** A word in a source, and what stands before its dot. */
export interface HintPlace {
  /** The last name before the dot; "" for a value that has none, such as a call's; null where there is no dot. */
  object: string | null;
  word: string;
}

/** What is typed at the end of a text. A number's dot is none: `1.` hints at nothing. */
export function placeIn(before: string): HintPlace | null {
  const [, word = ""] = /([\p{ID_Continue}$]*)$/u.exec(before) ?? [];
  const rest = before.slice(0, before.length - word.length);
  const dot = /(?:([\p{ID_Continue}$]+)|[)\]}"'`])\s*\??\.\s*$/u.exec(rest);
  if (/^\d/.test(word) || (dot?.[1] && /^\d/.test(dot[1]))) return null;
  if (dot) return { object: dot[1] ?? "", word };
  return rest.endsWith(".") ? null : { object: null, word };
}

/** Where a name gets its value: `const x = await random.normal(` says `random.normal`. */
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

/** The class of what a name stands for, as far as its declaration shows it. */
function classOf(api: CellApi, name: string, sources: readonly string[]): string | undefined {
  if (name === "this") return "Block";
  const maker = makerOf(name, sources);
  if (!maker) return undefined;
  // Classes that cells declare are blocks, nearly always.
  if (maker.isNew) return api.members[maker.path] ? maker.path : "Block";
  const known = findName(api, maker.path)?.returns;
  if (known) return known;
  const method = maker.path.split(".").at(-1);
  const returned = new Set(
    Object.values(api.members).flatMap((members) => members.find((one) => one.name === method)?.returns ?? []),
  );
  return returned.size === 1 ? [...returned][0] : undefined;
}

/** The members of every class, each name once; of what nothing is known. */
function allMembers(api: CellApi): CellName[] {
  const found = new Map<string, CellName>();
  for (const member of Object.values(api.members).flat()) if (!found.has(member.name)) found.set(member.name, member);
  return [...found.values()];
}

/**
 * What may stand at a place: the API's names, the members of a namespace or of a value's class, or those of all classes
 * where its class is not known.
 * @param sources the notebook's code cells, which say what names stand for
 */
export function hintsFor(api: CellApi, { object }: HintPlace, sources: readonly string[]): readonly CellName[] {
  if (object === null) return api.names;
  const list = api.names.find(({ name }) => name === object)?.members;
  if (list) return list;
  const known = object && classOf(api, object, sources);
  return (known && api.members[known]) || allMembers(api);
}

/** What is known of the word around a place of a text; none for a name that the notebook declares itself. */
export function hintAt(
  api: CellApi,
  text: string,
  position: number,
  sources: readonly string[],
): { name: CellName; from: number; to: number } | null {
  const rest = /^[\p{ID_Continue}$]*/u.exec(text.slice(position))![0];
  const to = position + rest.length;
  const place = placeIn(text.slice(0, to));
  if (!place || place.word === "") return null;
  if (place.object === null && declaredNames(sources).includes(place.word)) return null;
  const name = hintsFor(api, place, sources).find((hint) => hint.name === place.word);
  return name ? { name, from: to - place.word.length, to } : null;
}

/** Names that code cells declare at their top, those of simple patterns too. */
export function declaredNames(sources: readonly string[]): string[] {
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
