/** What errors say, which the runtime and the engine say in English. */
export const errors = {
  /** Where, expected, got: the sentence that `base/errors.ts` makes. */
  sentence: (at?: string, expected?: string, got?: string) => {
    const what = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(", ");
    return `${[at, what].filter(Boolean).join(": ")}.`;
  },
  /** Sentences that are known, and how they read in the page's language; the first that fits counts. */
  known: [] as readonly (readonly [pattern: RegExp, reads: string])[],
};
