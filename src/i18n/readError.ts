import { errorMessage, type ErrorDetails } from "../base/errors";
import type { Texts } from "./texts";

/** An error as it was sent, in English. */
interface ReportedError extends ErrorDetails {
  message: string;
}

/** Translates a known sentence into the page's language; others are unchanged. */
function translate(sentence: string, { known }: Texts["errors"]): string {
  const found = known.find(([pattern]) => pattern.test(sentence));
  return found ? sentence.replace(...found) : sentence;
}

/**
 * Translates an error's message and details into the page's language as far as they are known; names, shapes and code
 * are unchanged. The message does not include the remedy, which is shown on a separate line.
 */
export function readError<Told extends ReportedError>(error: Told, texts: Texts["errors"]): Told {
  const { message, at, expected, got, remedy } = error;
  const read = (text: string | undefined) => (text ? translate(text, texts) : text);
  const said = remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message;
  const isFrame = said === errorMessage({ at, expected, got });
  const details = { expected: read(expected), got: read(got), remedy: read(remedy) };
  const sentence = isFrame ? texts.sentence(at, details.expected, details.got) : translate(said, texts);
  return { ...error, ...details, message: sentence };
}
