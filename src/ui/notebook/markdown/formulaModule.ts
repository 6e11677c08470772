import { lazyModule } from "../../lazyModule";

/** The fonts of nearly every formula: roman and italic letters. */
const fonts = ["1em KaTeX_Main", "italic 1em KaTeX_Math"];

/** KaTeX, its style sheet and its first fonts: fonts that load later would move the text around them. */
export const formulaModule = lazyModule(async () => {
  const [katex] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  await Promise.allSettled(fonts.map((font) => document.fonts.load(font)));
  return katex.default;
});
