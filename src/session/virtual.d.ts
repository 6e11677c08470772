/** Made by `scripts/kindsPlugin.ts`. */
declare module "virtual:kinds" {
  /** The built-in blocks and initializers, as a session's catalogue has them. */
  export const kinds: Pick<import("./protocol").Catalogue, "blocks" | "initializers">;
}

/** Made by `scripts/kindsPlugin.ts`. */
declare module "virtual:cell-api" {
  /** The names that cells see, with their signatures and what is said of them. */
  export const cellApi: import("../notebook/cellApi").CellApi;
}

/** Made by `scripts/sessionPlugin.ts`. */
declare module "virtual:session-worker" {
  /** Changes with sandbox.html. */
  export const frameVersion: string;
  /** The worker's bundle: a classic script, to be evaluated. */
  const source: string;
  // oxlint-disable-next-line import/no-default-export -- a text module's only content
  export default source;
}
