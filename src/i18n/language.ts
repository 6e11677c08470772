export const languages = ["en", "zh"] as const;

export type Language = (typeof languages)[number];

/** Returns the first supported language among the browser's preferred ones, otherwise English. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

/** The tag for `Intl` and the `lang` attribute. */
export function localeOf(language: Language): string {
  return language === "zh" ? "zh-CN" : "en-US";
}
