import { useEffect, useRef } from "react";
import { classNames } from "../../classNames";
import styles from "./MarkdownView.module.css";

/** KaTeX and its style sheet, fetched by the first formula. */
function loadKatex() {
  return Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(([katex]) => katex.default);
}

/** A formula in TeX; its source until KaTeX is here. */
export function Formula({ tex, block }: { tex: string; block?: boolean }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    loadKatex().then(
      (katex) => {
        if (!current || !element.current) return;
        // `render` builds nodes; `renderToString` would need HTML injection.
        katex.render(tex, element.current, { displayMode: block, throwOnError: false, strict: "ignore", trust: false });
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [tex, block]);
  // KaTeX owns what is inside: a new text gets a new element.
  return (
    <span key={tex} ref={element} className={classNames(styles.formula, block && styles.blockFormula)}>
      {tex}
    </span>
  );
}
