/** Actions of keys on a card. */
export type CardCommand =
  | "previous"
  | "next"
  | "first"
  | "last"
  | "inward"
  | "outward"
  | "up"
  | "down"
  | "out"
  | "in"
  | "remove"
  | "duplicate"
  | "fields"
  | "addAfter"
  | "addBefore"
  | "deselect";

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const plain: Record<string, CardCommand> = {
  ArrowUp: "previous",
  ArrowDown: "next",
  ArrowRight: "inward",
  ArrowLeft: "outward",
  Home: "first",
  End: "last",
  Delete: "remove",
  Backspace: "remove",
  Enter: "fields",
  " ": "fields",
  F2: "fields",
  "+": "addAfter",
  "=": "addAfter",
  Insert: "addAfter",
  "-": "addBefore",
  Escape: "deselect",
};

const withAlt: Record<string, CardCommand> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

export function cardCommand({ key, ctrlKey, metaKey, altKey }: KeyPress): CardCommand | null {
  if (altKey) return ctrlKey || metaKey ? null : (withAlt[key] ?? null);
  if (ctrlKey || metaKey) return key.toLowerCase() === "d" ? "duplicate" : null;
  return plain[key] ?? null;
}
