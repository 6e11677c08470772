import type { Definition, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";

export interface MarkdownRoot {
  children: RootContent[];
  /** Targets of `[text][name]`, by name. */
  definitions: ReadonlyMap<string, Definition>;
}

/** Parses a text into its syntax tree: CommonMark, GitHub's tables and lists, formulas between dollar signs. */
export function parseMarkdown(source: string): MarkdownRoot {
  const { children } = fromMarkdown(source, {
    extensions: [gfm(), math()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  const definitions = children.filter((node) => node.type === "definition");
  return { children, definitions: new Map(definitions.map((node) => [node.identifier, node])) };
}

/** Addresses that a text may link to; anything else (scripts, files) remains text. */
export function safeAddress(address: string): string | undefined {
  if (address.startsWith("#")) return address;
  try {
    const { protocol, href } = new URL(address);
    return ["http:", "https:", "mailto:"].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}

/** Images that the page can show without a request to a server. */
export function safeImage(address: string): string | undefined {
  return /^data:image\/(png|jpeg|gif|webp|avif);base64,/i.test(address) ? address : undefined;
}
