/** A shortcut as it is matched and shown. `Mod` is Command on a Mac, Control elsewhere. */
export type Shortcut = string;

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const macSigns: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩", Backspace: "⌫" };
const otherSigns: Record<string, string> = { Mod: "Ctrl" };
const keySigns: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓" };

/** `⌘↩` on a Mac, `Ctrl+Enter` elsewhere. */
export function showShortcut(shortcut: Shortcut): string {
  const signs = isMac ? macSigns : otherSigns;
  const parts = shortcut.split("+").map((part) => signs[part] ?? keySigns[part] ?? part);
  return parts.join(isMac ? "" : "+");
}

interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** True if the key event matches the shortcut, without other modifiers. Digits match by physical key. */
export function matchesShortcut(event: KeyPress, shortcut: Shortcut): boolean {
  const parts = shortcut.split("+");
  const key = parts.at(-1)!;
  const wants = (modifier: string) => parts.includes(modifier);
  const [mod, other] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (mod !== wants("Mod") || other || event.shiftKey !== wants("Shift") || event.altKey !== wants("Alt")) return false;
  return /^\d$/.test(key) ? event.code === `Digit${key}` : event.key.toLowerCase() === key.toLowerCase();
}

/** The shortcuts of the page; tooltips show them. */
export const shortcuts = {
  run: "Mod+Enter",
  runAndNext: "Shift+Enter",
  runAll: "Mod+Shift+Enter",
  stop: "Mod+I",
  undo: "Mod+Z",
  redo: "Mod+Shift+Z",
  redoWindows: "Mod+Y",
  save: "Mod+S",
  moveUp: "Mod+Shift+9",
  moveDown: "Mod+Shift+0",
  remove: "Shift+Backspace",
  addAbove: "A",
  addBelow: "B",
} as const satisfies Record<string, Shortcut>;
