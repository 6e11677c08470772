/** Made by `scripts/sessionPlugin.ts`. */
declare module "virtual:session-worker" {
  /** Changes with sandbox.html. */
  export const frameVersion: string;
  /** The worker's bundle: a classic script, to be evaluated. */
  const source: string;
  // oxlint-disable-next-line import/no-default-export -- a text module's only content
  export default source;
}
