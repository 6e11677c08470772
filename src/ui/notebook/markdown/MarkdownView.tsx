import { useMemo } from "react";
import { MarkdownNodes } from "./MarkdownNodes";
import styles from "./MarkdownView.module.css";
import { parseMarkdown } from "./parseMarkdown";

/** A Markdown text as React elements. HTML in it remains text: nothing is ever injected. */
export function MarkdownView({ source }: { source: string }) {
  const root = useMemo(() => parseMarkdown(source), [source]);
  return (
    <div className={styles.text}>
      <MarkdownNodes nodes={root.children} definitions={root.definitions} />
    </div>
  );
}
