import { DocumentError } from "../documentError";

/** Deeper than any notebook, and far below the depth at which printing would overflow the stack. */
export const maxJsonDepth = 100;

/**
 * Rejects valid JSON that can only be malicious: nesting that would overflow the stack of recursive code, and the key
 * `__proto__`, which sets a prototype if it is copied carelessly. Does not recurse itself.
 */
export function checkJson(root: unknown): void {
  const open: { value: object; depth: number }[] = [];
  const visit = (value: unknown, depth: number) => {
    if (typeof value !== "object" || value === null) return;
    if (depth > maxJsonDepth)
      throw new DocumentError("json", `The JSON is nested more than ${maxJsonDepth} levels deep.`);
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

/** Parses untrusted JSON and checks it with `checkJson`. */
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
