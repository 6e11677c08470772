import type { KatexOptions } from "katex";
import { useLayoutEffect, useRef } from "react";
import { classNames } from "../../classNames";
import { useModule } from "../../lazyModule";
import { formulaModule } from "./formulaModule";
import styles from "./MarkdownView.module.css";

/** What is used of KaTeX's own tree, which its types leave out; katex is pinned to one version. */
interface KatexNode {
  children?: KatexNode[];
  attributes?: Record<string, string>;
  toNode(): HTMLElement;
}

type DrawTree = (tex: string, options: KatexOptions) => KatexNode;

/**
 * KaTeX gives tall brackets, errors and colours in MathML their style as an attribute, which the page's policy
 * refuses: it is set as properties, which the policy allows.
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

/** A formula in TeX; its source until KaTeX is here. */
export function Formula({ tex, block }: { tex: string; block?: boolean }) {
  const element = useRef<HTMLSpanElement>(null);
  const katex = useModule(formulaModule);
  useLayoutEffect(() => {
    if (!katex || !element.current) return;
    const { __renderToDomTree: drawTree } = katex as unknown as { __renderToDomTree: DrawTree };
    const tree = drawTree(tex, { displayMode: block, throwOnError: false, strict: "ignore", trust: false });
    // Nodes are built; a text of HTML would have to be injected.
    element.current.replaceChildren(withoutStyleAttributes(tree).toNode());
  }, [katex, tex, block]);
  // KaTeX owns what is inside: a new text gets a new element.
  return (
    <span key={tex} ref={element} className={classNames(styles.formula, block && styles.blockFormula)}>
      {tex}
    </span>
  );
}
