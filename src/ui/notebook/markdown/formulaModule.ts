import { lazyModule } from "../../lazyModule";

/** What nearly every formula is set in: roman and italic letters. */
const fonts = ["1em KaTeX_Main", "italic 1em KaTeX_Math"];

/** KaTeX, its style sheet and its first fonts: letters that came later would move the text around them. */
export const formulaModule = lazyModule(async () => {
  const [katex] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  await Promise.allSettled(fonts.map((font) => document.fonts.load(font)));
  return katex.default;
});
