/** Returns false under a Content-Security-Policy without 'unsafe-eval'. */
export function canMakeFunctions(): boolean {
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- a probe for the page's policy
    return new Function("return true")() as boolean;
  } catch {
    return false;
  }
}
