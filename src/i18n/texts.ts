import type { en } from "./en";
import type { Language } from "./language";

/** All texts of the page, by feature. The Chinese catalogue has to satisfy the English one's type. */
export type Texts = typeof en;

/** A text that waits for the language it is shown in: labels of history steps, notices. */
export type Message = (texts: Texts, language: Language) => string;
