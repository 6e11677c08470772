import type { en } from "./en";
import type { Language } from "./language";

/** All texts of the page, by feature. The Chinese texts have to satisfy the type of the English ones. */
export type Texts = typeof en;

/** A text that is resolved when the language is known: labels of undo steps, notices. */
export type Message = (texts: Texts, language: Language) => string;
