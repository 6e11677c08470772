/** Describes the owners of a dispatch in words. */
import type { Language } from "../../i18n/language";
import type { Texts } from "../../i18n/texts";
import type { DispatchWork, KindInfo } from "../../protocol/protocol";

export interface WorkText {
  title: string;
  ops: string;
}

function ownerName(owner: NonNullable<DispatchWork["owner"]>, kinds: readonly KindInfo[], language: Language): string {
  if (owner.type === "weight") return owner.path;
  const title = kinds.find(({ kind }) => kind === owner.kind)?.title[language] ?? owner.kind;
  return owner.path === "" ? title : `${title} ${owner.path}`;
}

function workText(
  { owner, phase, ops }: DispatchWork,
  texts: Texts["plans"],
  kinds: readonly KindInfo[],
  language: Language,
): WorkText {
  const others = phase === "gradient" ? texts.othersGradient : texts.others;
  const title = owner ? texts[phase](ownerName(owner, kinds, language)) : others;
  return { title, ops: ops.join(", ") };
}

/** One entry for each owner; blocks first, since users look for them. */
export function workTexts(
  work: readonly DispatchWork[],
  texts: Texts["plans"],
  kinds: readonly KindInfo[],
  language: Language,
): WorkText[] {
  if (work.length === 0) return [{ title: texts.copies, ops: "" }];
  const owned = [...work.filter(({ owner }) => owner), ...work.filter(({ owner }) => !owner)];
  return owned.map((one) => workText(one, texts, kinds, language));
}
