import type { SessionError } from "./protocol";

const maxLength = 10_000;

function textField(error: object, key: "at" | "expected" | "got" | "remedy"): { [key: string]: string } {
  const value: unknown = (error as Record<string, unknown>)[key];
  return typeof value === "string" ? { [key]: value.slice(0, maxLength) } : {};
}

/** What the page is told of anything that was thrown, also of what is no Error. Never throws itself. */
export function describeError(thrown: unknown, place?: SessionError["place"]): SessionError {
  const where = place ? { place } : {};
  try {
    if (!(thrown instanceof Error)) return { name: "Error", message: String(thrown).slice(0, maxLength), ...where };
    return {
      name: String(thrown.name).slice(0, 200),
      message: String(thrown.message).slice(0, maxLength),
      ...textField(thrown, "at"),
      ...textField(thrown, "expected"),
      ...textField(thrown, "got"),
      ...textField(thrown, "remedy"),
      ...where,
    };
  } catch {
    return { name: "Error", message: "Something that cannot be read was thrown.", ...where };
  }
}
