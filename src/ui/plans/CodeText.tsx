import { useEffect, useMemo, useRef } from "react";
import type { DispatchDescription } from "../../protocol/protocol";
import { indented, type Token, tokensOf } from "./codeTokens";
import styles from "./CodeText.module.css";

interface CodeTextProps {
  text: string;
  language: DispatchDescription["language"];
  label: string;
}

/** The code of a program, unchanged except for the indentation of JavaScript. */
export function CodeText({ text, language, label }: CodeTextProps) {
  const code = useRef<HTMLElement>(null);
  const shown = useMemo(() => (language === "javascript" ? indented(text) : text), [text, language]);
  useEffect(() => {
    const node = code.current?.firstChild;
    return node ? colour(node, tokensOf(shown, language)) : undefined;
  }, [shown, language]);
  return (
    // It scrolls, so it has to be focusable.
    <pre className={styles.code} tabIndex={0} role="region" aria-label={label} translate="no">
      <code ref={code}>{shown}</code>
    </pre>
  );
}

/**
 * Colours parts of a text that remains one node: a shader has thousands of them. Browsers without the Highlight API
 * show it plain. Returns a function that removes the colours.
 */
function colour(node: Node, tokens: readonly Token[]): (() => void) | undefined {
  if (typeof Highlight === "undefined") return undefined;
  const ranges = tokens.map(({ kind, from, to }) => {
    const range = new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to });
    const name = `code-${kind}`;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    const highlight = CSS.highlights.get(name)!;
    highlight.add(range);
    return () => highlight.delete(range);
  });
  return () => {
    for (const remove of ranges) remove();
  };
}
