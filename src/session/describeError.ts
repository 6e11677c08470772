import type { SessionError } from "../protocol/protocol";
import { truncate, maxMessage, maxName } from "../protocol/sizes";

function textField(error: object, key: "at" | "expected" | "got" | "remedy"): { [key: string]: string } {
  const value: unknown = (error as Record<string, unknown>)[key];
  return typeof value === "string" ? { [key]: truncate(value, maxMessage) } : {};
}

/**
 * Describes any thrown value for the page, even if it is not an Error. Never throws.
 * @param advice a hint for an error of the engine, which has no remedy
 */
export function describeError(thrown: unknown, place?: SessionError["place"], advice?: string): SessionError {
  const where = place ? { place } : {};
  try {
    if (!(thrown instanceof Error)) return { name: "Error", message: truncate(String(thrown), maxMessage), ...where };
    const { name, message }: { name: unknown; message: unknown } = thrown;
    return {
      name: truncate(String(name), maxName),
      message: truncate(advice ? `${String(message)}. ${advice}` : String(message), maxMessage),
      ...(advice && { remedy: advice }),
      ...textField(thrown, "at"),
      ...textField(thrown, "expected"),
      ...textField(thrown, "got"),
      ...textField(thrown, "remedy"),
      ...where,
    };
  } catch {
    return { name: "Error", message: "The thrown value could not be read.", ...where };
  }
}
