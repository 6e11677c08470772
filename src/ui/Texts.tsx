import { createContext, useContext, useMemo, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { localeOf, type Language } from "../i18n/language";
import type { Texts } from "../i18n/texts";

interface TextsValue {
  texts: Texts;
  language: Language;
}

const TextsContext = createContext<TextsValue | null>(null);

/** Provides the texts of the active language to all components, and its locale to the controls. */
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

/** Returns the texts of the active language. */
export function useTexts(): Texts {
  return useTextsValue().texts;
}

/** Returns the active language, for `Intl` and the `{ en, zh }` texts of kinds. */
export function useLanguage(): Language {
  return useTextsValue().language;
}
