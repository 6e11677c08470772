/**
 * The page's two Trusted Types policies. Their names are in its CSP, which allows no third;
 * main.tsx imports this module before all others.
 */
declare const brand: unique symbol;
/** An address that the browser accepts for a worker. */
export type TrustedScriptUrl = string & { readonly [brand]: true };

interface Policy {
  createScriptURL(url: string): TrustedScriptUrl;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { [rule: string]: (text: string) => string | null }): Policy;
}

/** Absent in browsers without Trusted Types (Firefox before 148, Safari before 26): strings are taken as they are. */
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;

function ownAddress(url: string): string {
  const { href, origin, protocol } = new URL(url, location.href);
  if (origin === location.origin && protocol.startsWith("http")) return href;
  throw new TypeError(`Not one of this page's own scripts: ${href}`);
}

const ownScripts = factory?.createPolicy("weightroom", { createScriptURL: ownAddress });

// react-aria's announcer empties itself with `innerHTML = ""`, which is refused without this.
factory?.createPolicy("default", { createHTML: (text) => (text === "" ? text : null) });

/**
 * The address of one of the page's own workers, for `new Worker(...)`: the browser refuses a plain string.
 * @throws TypeError for an address of another origin.
 */
export function trustedScriptUrl(url: string): TrustedScriptUrl {
  return ownScripts ? ownScripts.createScriptURL(url) : (ownAddress(url) as TrustedScriptUrl);
}
