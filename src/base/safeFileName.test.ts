import fc from "fast-check";
import { expect, test } from "vitest";
import { safeFileName } from "./safeFileName";

test.each([
  ["First steps 第一步", "First steps 第一步.ipynb"],
  ["hidden/kernel", "hidden-kernel.ipynb"],
  ["../../x", "x.ipynb"],
  ["C:\\Windows\\x", "C-Windows-x.ipynb"],
  ["<img src=x onerror=alert(1)>", "img src=x onerror=alert(1).ipynb"],
  ["photo\u202Egpj.exe", "photogpj.exe.ipynb"],
  ["a\u200Bb\0c\td\n", "abc d.ipynb"],
  [".htaccess", "htaccess.ipynb"],
  ["con", "_con.ipynb"],
  ["NUL.txt", "_NUL.txt.ipynb"],
  ["console", "console.ipynb"],
  ["", "untitled.ipynb"],
  [" . ", "untitled.ipynb"],
  ["/", "untitled.ipynb"],
  ["\ud800", "untitled.ipynb"],
  ["a \0 b", "a b.ipynb"],
  ["字".repeat(300), `${"字".repeat(100)}.ipynb`],
])("%j becomes %j", (text, name) => {
  expect(safeFileName(text, ".ipynb")).toBe(name);
});

test("any text becomes a name that is valid on every system", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const name = safeFileName(text);
      expect(name).toMatch(/^[^<>:"/\\|?*\p{C}\s.-]([^<>:"/\\|?*\p{C}]*[^<>:"/\\|?*\p{C}\s.-])?$/u);
      expect(safeFileName(name)).toBe(name);
    }),
    { numRuns: 1000 },
  );
});
