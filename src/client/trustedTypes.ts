/**
 * The page's two Trusted Types policies. Their names are in its CSP, which allows no others; main.tsx imports this
 * module before all others.
 */
declare const brand: unique symbol;
/** Creates an address that the browser accepts for a worker. */
export type TrustedScriptUrl = string & { readonly [brand]: true };

interface Policy {
  createScriptURL(url: string): TrustedScriptUrl;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { [rule: string]: (text: string) => string | null }): Policy;
}

/** Undefined in browsers without Trusted Types (Firefox before 148, Safari before 26), which accept plain strings. */
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;

function ownAddress(url: string): string {
  const { href, origin, protocol } = new URL(url, location.href);
  if (origin === location.origin && protocol.startsWith("http")) return href;
  throw new TypeError(`Not one of this page's own scripts: ${href}`);
}

const ownScripts = factory?.createPolicy("weightroom", { createScriptURL: ownAddress });

// react-aria's announcer clears itself with `innerHTML = ""`, which would be rejected without this policy.
factory?.createPolicy("default", { createHTML: (text) => (text === "" ? text : null) });

/**
 * Returns the address of one of the page's own workers for `new Worker(...)`: the browser rejects plain strings.
 * @throws TypeError for an address of another origin.
 */
export function trustedScriptUrl(url: string): TrustedScriptUrl {
  return ownScripts ? ownScripts.createScriptURL(url) : (ownAddress(url) as TrustedScriptUrl);
}
