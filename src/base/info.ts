import type { Shape } from "./shape";

/** Text in each language of the page. */
export interface Localized {
  en: string;
  zh: string;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Self-description of a kind (a block, an initializer, an optimizer, ...). Palette, inspector, savers and exporters
 * depend on nothing else of a kind.
 */
export interface KindInfo {
  /** The name by which a cell calls it: `dense`, `glorotUniform`. */
  kind: string;
  title: Localized;
  /** A single sentence. */
  description: Localized;
  /** The formula in TeX. */
  formula?: string;
  /** The paper that defines it, or the library whose convention it follows. */
  source?: string;
  fields: FieldInfo[];
  /**
   * For a block: what its first argument contains, which makes it a container: one block, a list of blocks
   * (`sequential`), or a function that creates one.
   */
  children?: "one" | "list" | "factory";
  /**
   * For a container: how tensors flow through its blocks: from each to the next, through all side by side, or several
   * times through one. Absent if unknown, as for a class declared in a cell.
   */
  flow?: "chain" | "branches" | "repeat";
  /** For a layer: name of the rule in `shapeRules.ts` by which its output shape follows from its fields. */
  shapeRule?: string;
  /** For a block: true if it applies one function to each element. */
  elementwise?: boolean;
  /** For a container of a list: true if it takes its blocks as separate arguments instead of one list. */
  spread?: boolean;
  /** For a block: true if it is a class declared in a cell and is created with `new`. */
  constructed?: boolean;
  /** For a loss: the form of predictions that it requires by default. */
  predictions?: "distributions";
  /** For a dataset: the shape of one input; images are `[height, width, channels]`. */
  exampleShape?: Shape;
}

export interface FieldInfo {
  name: string;
  title: Localized;
  /** The type of the value. `expression` is code that has a value only when it runs; its default is source code. */
  type: "integer" | "number" | "boolean" | "string" | "activation" | "initializer" | "shape" | "numbers" | "expression";
  /** Positional arguments come first, in order; all other fields go into a trailing options object. */
  positional?: boolean;
  /** Absent if the field is required. */
  default?: Json;
  /** Source code to insert for a required field, if its default has no literal form. */
  start?: string;
  /** The values to choose from, for example activations. */
  options?: readonly string[];
  min?: number;
  max?: number;
  step?: number;
}
