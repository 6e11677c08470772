import { createContext, useContext, useMemo, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { localeOf, type Language } from "../i18n/language";
import type { Texts } from "../i18n/texts";

interface TextsValue {
  texts: Texts;
  language: Language;
}

const TextsContext = createContext<TextsValue | null>(null);

/** Gives the active language's catalogue to every component, and its locale to the controls. */
export function TextsProvider({ texts, language, children }: TextsValue & { children: ReactNode }) {
  const value = useMemo(() => ({ texts, language }), [texts, language]);
  return (
    <I18nProvider locale={localeOf(language)}>
      <TextsContext value={value}>{children}</TextsContext>
    </I18nProvider>
  );
}

function useTextsValue(): TextsValue {
  const value = useContext(TextsContext);
  if (!value) throw new Error("internal: no TextsProvider above this component");
  return value;
}

/** The active language's catalogue. */
export function useTexts(): Texts {
  return useTextsValue().texts;
}

/** The active language, for `Intl` and for the `{ en, zh }` texts that kinds bring along. */
export function useLanguage(): Language {
  return useTextsValue().language;
}
