/** Error messages, which the runtime and the engine produce in English. */
export const errors = {
  /** The sentence that `base/errors.ts` builds from location, expected and got. */
  sentence: (at?: string, expected?: string, got?: string) => {
    const what = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(", ");
    return `${[at, what].filter(Boolean).join(": ")}.`;
  },
  /** Known sentences with their translation into the page's language; the first match applies. */
  known: [] as readonly (readonly [pattern: RegExp, reads: string])[],
};
