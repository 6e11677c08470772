import { expect, test } from "vitest";
import { parseMarkdown, safeAddress, safeImage } from "./parseMarkdown";

test("a text has headings, tables, tasks and formulas", () => {
  const source = "# Title\n\n| a |\n|---|\n| 1 |\n\n- [x] done\n\n$$\nx^2\n$$\n\nInline $y$.";
  expect(parseMarkdown(source).children.map(({ type }) => type)).toEqual([
    "heading",
    "table",
    "list",
    "math",
    "paragraph",
  ]);
});

test("definitions are found by name", () => {
  expect(parseMarkdown("[x][Ref]\n\n[ref]: https://example.org").definitions.get("ref")?.url).toBe(
    "https://example.org",
  );
});

test("only harmless addresses are links", () => {
  const addresses = [
    "https://a.org/x",
    "#nb=1.x",
    "mailto:a@b.c",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc",
    "x",
  ];
  expect(addresses.map(safeAddress)).toEqual([
    "https://a.org/x",
    "#nb=1.x",
    "mailto:a@b.c",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("only images in the text itself are shown", () => {
  expect(
    ["data:image/png;base64,AA==", "data:image/svg+xml;base64,AA==", "https://a.org/x.png"].map(safeImage),
  ).toEqual(["data:image/png;base64,AA==", undefined, undefined]);
});
