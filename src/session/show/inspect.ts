/** Limits of an inspected text: it is sent to the page, and readers see only a little of it. */
const maxDepth = 4;
const maxItems = 100;
const maxCharacters = 20_000;

/** Returns a text for a nested value to replace its fields; undefined leaves it to `inspect`. */
export type Describe = (value: object) => string | undefined;

interface Walk {
  describe: Describe;
  ancestors: object[];
  /** Remaining characters. */
  budget: number;
}

/**
 * Formats a value as text like a console does. Runs no getters; a hostile object (a proxy, a throwing
 * `Symbol.toStringTag`) results in a short text, never an error.
 */
export function inspect(value: unknown, describe: Describe = () => undefined): string {
  const text = show(value, { describe, ancestors: [], budget: maxCharacters });
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)} ...` : text;
}

function show(value: unknown, walk: Walk): string {
  const text = typeof value === "object" && value !== null ? showObjectSafely(value, walk) : showPrimitive(value);
  walk.budget -= text.length;
  return text;
}

function showPrimitive(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > maxCharacters ? value.slice(0, maxCharacters) : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return showFunction(value);
  return Object.is(value, -0) ? "-0" : String(value);
}

function showFunction(value: object): string {
  const name = ownText(value, "name");
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  return isClass ? `[class ${name || "(anonymous)"}]` : `[function ${name || "(anonymous)"}]`;
}

function showObjectSafely(value: object, walk: Walk): string {
  if (walk.ancestors.includes(value)) return "[circular]";
  if (walk.budget <= 0) return "...";
  walk.ancestors.push(value);
  try {
    return walk.describe(value) ?? showObject(value, walk);
  } catch {
    return "[object that cannot be read]";
  } finally {
    walk.ancestors.pop();
  }
}

function showObject(value: object, walk: Walk): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "Promise";
  const name = className(value);
  if (walk.ancestors.length > maxDepth) return Array.isArray(value) ? "[...]" : `${name || "Object"} {...}`;
  if (Array.isArray(value)) return `[${items(value, value.length, (item) => show(item, walk), walk)}]`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = value as unknown as ArrayLike<number>;
    return `${name}(${numbers.length}) [${items(Array.from(numbers).slice(0, maxItems + 1), numbers.length, String, walk)}]`;
  }
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
  if (value instanceof Map) {
    const entry = ([key, item]: [unknown, unknown]) => `${show(key, walk)} => ${show(item, walk)}`;
    return `Map(${value.size}) ${braces(items(value, value.size, entry, walk))}`;
  }
  if (value instanceof Set)
    return `Set(${value.size}) ${braces(items(value, value.size, (item) => show(item, walk), walk))}`;
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(([, field]) => field.enumerable);
  const text = items(fields, fields.length, ([key, field]) => `${showKey(key)}: ${showField(field, walk)}`, walk);
  return name ? `${name} ${braces(text)}` : braces(text);
}

/** Formats at most `maxItems` of `length` items and the count of the rest. */
function items<T>(list: Iterable<T>, length: number, text: (item: T) => string, walk: Walk): string {
  const shown: string[] = [];
  for (const item of list) {
    if (shown.length === maxItems || walk.budget <= 0) break;
    shown.push(text(item));
  }
  if (length > shown.length) shown.push(`... ${length - shown.length} more`);
  return shown.join(", ");
}

function braces(text: string): string {
  return text ? `{ ${text} }` : "{}";
}

function showKey(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key);
}

function showField(field: PropertyDescriptor, walk: Walk): string {
  return "value" in field ? show(field.value, walk) : "[getter]";
}

/** The constructor's name; "" for a plain object. */
function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return "";
  if (typeof prototype !== "object" || prototype === null) return "[null prototype]";
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof constructor === "function" ? ownText(constructor, "name") : "";
}

function ownText(value: object, key: string): string {
  const text: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
  return typeof text === "string" ? text : "";
}
