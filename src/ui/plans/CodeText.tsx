import { useMemo } from "react";
import type { DispatchDescription } from "../../session/protocol";
import { indented, tokensOf } from "./codeTokens";
import styles from "./CodeText.module.css";

/** Characters; a longer text is shown without colours, which would take long to draw. */
const maxColoured = 60_000;

interface CodeTextProps {
  text: string;
  language: DispatchDescription["language"];
  label: string;
}

/** A program's text to be read: the very text, but for how far lines of JavaScript are set in. */
export function CodeText({ text, language, label }: CodeTextProps) {
  const tokens = useMemo(() => {
    const shown = language === "javascript" ? indented(text) : text;
    return shown.length > maxColoured ? [{ text: shown, kind: undefined }] : tokensOf(shown);
  }, [text, language]);
  return (
    // It scrolls by itself, so the keyboard has to reach it.
    <pre className={styles.code} tabIndex={0} role="region" aria-label={label} translate="no">
      <code>
        {tokens.map(({ kind, text: part }, position) =>
          kind ? (
            <span key={position} className={styles[kind]}>
              {part}
            </span>
          ) : (
            part
          ),
        )}
      </code>
    </pre>
  );
}
