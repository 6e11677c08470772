import { WeightroomError } from "../base/errors";

/**
 * Reason why a notebook or link cannot be opened. The page has a text for each code, so a released code never changes
 * its meaning.
 */
export type DocumentErrorCode =
  /** Not JSON, or JSON that no well-behaved program writes (nested too deeply, or with `__proto__` as a key). */
  | "json"
  /** JSON, but not a notebook of nbformat 4. */
  | "notebook"
  /** Larger than the limits on characters, cells or inflated bytes. */
  | "tooLarge"
  /** Written by a newer Weightroom. */
  | "newer"
  /** Not a Weightroom link. */
  | "notALink"
  /** A truncated link. */
  | "cut"
  /** A link whose checksum does not match its content. */
  | "damaged";

export class DocumentError extends WeightroomError {
  override readonly name: string = "DocumentError";
  readonly code: DocumentErrorCode;

  constructor(code: DocumentErrorCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
