import type { Language } from "./language";
import type { Texts } from "./texts";

const loaders: Record<Language, () => Promise<Texts>> = {
  en: async () => (await import("./en")).en,
  zh: async () => (await import("./zh")).zh,
};

/** Fetches the texts of one language; the other one is never downloaded. */
export function loadTexts(language: Language): Promise<Texts> {
  return loaders[language]();
}
