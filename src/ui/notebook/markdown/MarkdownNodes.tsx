import type { Definition, PhrasingContent, RootContent, Table } from "mdast";
import type {} from "mdast-util-math";
import { createElement, type ReactNode } from "react";
import { Formula } from "./Formula";
import { safeAddress, safeImage } from "./parseMarkdown";

interface MarkdownNodesProps {
  nodes: readonly (RootContent | PhrasingContent)[];
  definitions: ReadonlyMap<string, Definition>;
}

/** Renders nodes of a Markdown tree as elements. */
export function MarkdownNodes({ nodes, definitions }: MarkdownNodesProps) {
  return nodes.map((node, position) => <MarkdownNode key={position} node={node} definitions={definitions} />);
}

interface NodeProps {
  node: RootContent;
  definitions: ReadonlyMap<string, Definition>;
}

function MarkdownNode({ node, definitions }: NodeProps): ReactNode {
  const inner = "children" in node && <MarkdownNodes nodes={node.children} definitions={definitions} />;
  switch (node.type) {
    case "text":
      return node.value;
    case "heading":
      // The page's title is its first heading.
      return createElement(`h${Math.min(6, node.depth + 1)}`, { "data-depth": node.depth }, inner);
    case "paragraph":
      return <p>{inner}</p>;
    case "emphasis":
      return <em>{inner}</em>;
    case "strong":
      return <strong>{inner}</strong>;
    case "delete":
      return <del>{inner}</del>;
    case "break":
      return <br />;
    case "thematicBreak":
      return <hr />;
    case "blockquote":
      return <blockquote>{inner}</blockquote>;
    case "list":
      return node.ordered ? <ol start={node.start ?? 1}>{inner}</ol> : <ul>{inner}</ul>;
    case "listItem":
      return <ListItem checked={node.checked}>{inner}</ListItem>;
    case "inlineCode":
      return <code>{node.value}</code>;
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{node.value}</code>
        </pre>
      );
    case "html":
      return <code>{node.value}</code>;
    case "math":
      return <Formula tex={node.value} block />;
    case "inlineMath":
      return <Formula tex={node.value} />;
    case "table":
      return <MarkdownTable table={node} definitions={definitions} />;
    case "link":
      return <Anchor address={node.url}>{inner}</Anchor>;
    case "linkReference":
      return <Anchor address={definitions.get(node.identifier)?.url ?? ""}>{inner}</Anchor>;
    case "image":
      return <Picture address={node.url} description={node.alt ?? ""} />;
    case "imageReference":
      return <Picture address={definitions.get(node.identifier)?.url ?? ""} description={node.alt ?? ""} />;
    case "footnoteReference":
      return <sup>{node.label ?? node.identifier}</sup>;
    case "footnoteDefinition":
      return (
        <aside>
          <sup>{node.label ?? node.identifier}</sup> {inner}
        </aside>
      );
    default:
      return null;
  }
}

function ListItem({ checked, children }: { checked: boolean | null | undefined; children: ReactNode }) {
  if (typeof checked !== "boolean") return <li>{children}</li>;
  return (
    <li data-task>
      <span aria-hidden="true">{checked ? "☑" : "☐"}</span>
      <div>{children}</div>
    </li>
  );
}

function Anchor({ address, children }: { address: string; children: ReactNode }) {
  const href = safeAddress(address);
  if (!href) return children;
  const own = href.startsWith("#");
  return (
    <a href={href} {...(!own && { target: "_blank", rel: "noreferrer noopener" })}>
      {children}
    </a>
  );
}

/** An image in the text itself; one on another server is only linked, so that reading sends no requests. */
function Picture({ address, description }: { address: string; description: string }) {
  const image = safeImage(address);
  if (image) return <img src={image} alt={description} />;
  return <Anchor address={address}>{description || address}</Anchor>;
}

function MarkdownTable({ table, definitions }: { table: Table; definitions: ReadonlyMap<string, Definition> }) {
  const [head, ...rows] = table.children;
  const align = (column: number) => table.align?.[column] ?? undefined;
  return (
    <div data-scroll tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head?.children.map((cell, column) => (
              <th key={column} data-align={align(column)}>
                <MarkdownNodes nodes={cell.children} definitions={definitions} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.children.map((cell, column) => (
                <td key={column} data-align={align(column)}>
                  <MarkdownNodes nodes={cell.children} definitions={definitions} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
