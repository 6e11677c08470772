import type { KatexOptions } from "katex";
import { useLayoutEffect, useRef } from "react";
import { classNames } from "../../classNames";
import { useModule } from "../../lazyModule";
import { formulaModule } from "./formulaModule";
import styles from "./MarkdownView.module.css";

/** The parts of KaTeX's internal tree that are used here and missing in its types; katex is pinned to one version. */
interface KatexNode {
  children?: KatexNode[];
  attributes?: Record<string, string>;
  toNode(): HTMLElement;
}

type DrawTree = (tex: string, options: KatexOptions) => KatexNode;

/**
 * KaTeX styles tall brackets, errors and colours in MathML with attributes, which the CSP rejects. They are set as
 * properties, which the CSP allows.
 */
function withoutStyleAttributes(node: KatexNode): KatexNode {
  node.children?.forEach(withoutStyleAttributes);
  const { style, ...attributes } = node.attributes ?? {};
  if (style === undefined) return node;
  node.attributes = attributes;
  const draw = node.toNode.bind(node);
  node.toNode = () => {
    const element = draw();
    element.style.cssText = `${element.style.cssText};${style}`;
    return element;
  };
  return node;
}

/** A formula in TeX; shows its source until KaTeX is loaded. */
export function Formula({ tex, block }: { tex: string; block?: boolean }) {
  const element = useRef<HTMLSpanElement>(null);
  const katex = useModule(formulaModule);
  useLayoutEffect(() => {
    if (!katex || !element.current) return;
    const { __renderToDomTree: drawTree } = katex as unknown as { __renderToDomTree: DrawTree };
    const tree = drawTree(tex, { displayMode: block, throwOnError: false, strict: "ignore", trust: false });
    // Nodes are created directly; HTML text would have to be injected.
    element.current.replaceChildren(withoutStyleAttributes(tree).toNode());
  }, [katex, tex, block]);
  // KaTeX owns the content: a new text gets a new element.
  return (
    <span key={tex} ref={element} className={classNames(styles.formula, block && styles.blockFormula)}>
      {tex}
    </span>
  );
}
