import type { Localized } from "../base/info";

/** A name of the API that cells see, as an editor hints at it. */
export interface CellName {
  name: string;
  kind: "function" | "class" | "namespace" | "constant";
  /** How it is called, or its type. */
  detail: string;
  /** The first paragraph of what is said of it. */
  doc?: Localized;
  /** The class of what a call gives, also where it gives a promise. */
  returns?: string;
  /** Of a namespace: what stands behind its dot. */
  members?: CellName[];
}

/** Made at the build from the declarations of the runtime: `virtual:cell-api`. */
export interface CellApi {
  names: CellName[];
  /** By class: what stands behind the dot of a value of it. */
  members: { [className: string]: CellName[] };
}
