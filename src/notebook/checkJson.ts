import { DocumentError } from "./documentError";

/** Deeper than any notebook, and far from what overflows a stack when it is printed again. */
export const maxJsonDepth = 100;

/**
 * Refuses what is legal JSON and yet only made to harm: nesting that overflows
 * the stack of whoever walks it, and `__proto__` as a key, which sets a
 * prototype where it is copied carelessly. Walks without recursion.
 */
export function checkJson(root: unknown): void {
  const open: { value: object; depth: number }[] = [];
  const visit = (value: unknown, depth: number) => {
    if (typeof value !== "object" || value === null) return;
    if (depth > maxJsonDepth) throw new DocumentError("json", `The JSON is nested more than ${maxJsonDepth} deep.`);
    open.push({ value, depth });
  };
  visit(root, 1);
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1);
    } else {
      for (const [key, item] of Object.entries(value)) {
        if (key === "__proto__") throw new DocumentError("json", 'The JSON has a key named "__proto__".');
        visit(item, depth + 1);
      }
    }
  }
}

/** The value of a JSON text from a stranger, checked as above. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DocumentError("json", "The text is not JSON, so it is not a notebook.");
  }
  checkJson(value);
  return value;
}
