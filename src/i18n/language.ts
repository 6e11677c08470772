export const languages = ["en", "zh"] as const;

export type Language = (typeof languages)[number];

/** The first of the browser's preferred languages that the page speaks, else English. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

/** The tag that `Intl` and the `lang` attribute take. */
export function localeOf(language: Language): string {
  return language === "zh" ? "zh-CN" : "en-US";
}
