import { WeightroomError } from "../base/errors";

/**
 * What can be wrong with a notebook or a link. The page has a text for each, so
 * a code, once released, keeps its meaning.
 */
export type DocumentErrorCode =
  /** Not JSON, or JSON that no honest program writes (too deep, `__proto__` as a key). */
  | "json"
  /** JSON, but not a notebook of nbformat 4. */
  | "notebook"
  /** Larger than the caps on characters, cells or inflated bytes. */
  | "tooLarge"
  /** Written by a newer Weightroom. */
  | "newer"
  /** Not a link of ours. */
  | "notALink"
  /** A link that lost its end on the way. */
  | "cut"
  /** A link whose checksum does not fit its content. */
  | "damaged";

export class DocumentError extends WeightroomError {
  override readonly name: string = "DocumentError";
  readonly code: DocumentErrorCode;

  constructor(code: DocumentErrorCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
