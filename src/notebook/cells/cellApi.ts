import type { Localized } from "../../base/info";

/** A name that cells see, as the editor shows it in a hint. */
export interface CellName {
  name: string;
  kind: "function" | "class" | "namespace" | "constant";
  /** Signature or type. */
  detail: string;
  /** First paragraph of the docstring. */
  doc?: Localized;
  /** Class of the value that a call returns, or that its promise resolves to. */
  returns?: string;
  /** Members of a namespace. */
  members?: CellName[];
}

/** Names for hints, generated at build time from the declarations of the runtime: `virtual:cell-api`. */
export interface CellApi {
  names: CellName[];
  /** Members of values, by class. */
  members: { [className: string]: CellName[] };
}
