import type { Shape } from "./shape";

/** Text in every language of the page. */
export interface Localized {
  en: string;
  zh: string;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * What a kind (a block, an initializer, an optimizer, ...) declares about itself:
 * all that palette, inspector, savers and exporters may know of it.
 */
export interface KindInfo {
  /** The name by which a cell calls it: `dense`, `glorotUniform`. */
  kind: string;
  title: Localized;
  /** One sentence. */
  description: Localized;
  /** In TeX. */
  formula?: string;
  /** Paper, or the program whose convention it follows. */
  source?: string;
  fields: FieldInfo[];
  /** For a block: true if its one argument is a list of blocks (`sequential`). */
  container?: boolean;
  /** For a block: true if it applies one function to every element. */
  elementwise?: boolean;
  /** For a container: its blocks are the arguments themselves, not one list. */
  spread?: boolean;
  /** For a block: a class that a cell declares, made with `new`. */
  constructed?: boolean;
  /** For a loss: what its predictions have to be as long as its options do not say otherwise. */
  predictions?: "distributions";
  /** For a dataset: the shape of one of its inputs; images are `[height, width, channels]`. */
  exampleShape?: Shape;
}

export interface FieldInfo {
  name: string;
  title: Localized;
  /** `expression` is code that only running can tell; its default is the code of it. */
  type: "integer" | "number" | "boolean" | "string" | "activation" | "initializer" | "shape" | "numbers" | "expression";
  /** Positional arguments come first, in order; the others go into a last options object. */
  positional?: boolean;
  /** Absent where the field has to be given. */
  default?: Json;
  /** The code that stands for it where it has to be given, if no literal of its default does. */
  start?: string;
  /** The values to choose from, as for an activation. */
  options?: readonly string[];
  min?: number;
  max?: number;
  step?: number;
}
