import { deflate, inflate, InflateLimitError } from "../../base/deflate";
import { sha256 } from "../../base/sha256";
import { DocumentError } from "../documentError";
import { parseNotebook } from "../file/parseNotebook";
import { printCompact } from "../file/printNotebook";
import type { NotebookDocument } from "../notebookDocument";
import { decodeBase64url, encodeBase64url } from "./base64url";

/**
 * A notebook in the fragment of a URL, which browsers never send to a server:
 *
 * #nb=1.<base64url(deflate-raw(J))>.<base64url(first 6 bytes of SHA-256(J))>
 *
 * J is the notebook as UTF-8 JSON with sorted keys and without outputs. Every version that was ever issued must still
 * open: `fixtures/` contains a link of each version.
 */
const linkVersion = 1;
const checksumBytes = 6;
const maxInflatedBytes = 16 * 2 ** 20;

/**
 * Limits for the length of a fragment, in characters. Up to `everywhere`, every program passes it on; up to `warned`,
 * most do; from `offerFile` on, a file is better. Above `refused`, links are neither written nor read (Chromium opens
 * up to 2,097,100).
 */
export const linkSizes = {
  everywhere: 2 * 2 ** 10,
  warned: 8 * 2 ** 10,
  offerFile: 32 * 2 ** 10,
  refused: Math.floor(1.9 * 2 ** 20),
} as const;

/** A link and its sizes. */
export interface EncodedLink {
  /** Includes the `#`. */
  fragment: string;
  /** Length of the fragment in characters, and of the JSON in bytes. */
  sizes: { characters: number; json: number };
}

/** True for a fragment that claims to be a notebook, whether valid or not. */
export function isLink(fragment: string): boolean {
  return tidyFragment(fragment).startsWith("nb=");
}

/**
 * Encodes a notebook as a link, without outputs.
 * @throws DocumentError `tooLarge` if no browser would open the link.
 */
export async function encodeLink(document: NotebookDocument): Promise<EncodedLink> {
  const json = new TextEncoder().encode(printCompact(document));
  const fragment = `#nb=${linkVersion}.${encodeBase64url(await deflate(json))}.${checksum(json)}`;
  if (json.length > maxInflatedBytes || fragment.length > linkSizes.refused) {
    throw new DocumentError(
      "tooLarge",
      `The link would have ${fragment.length} characters; at most ${linkSizes.refused} can be opened. Send the file instead.`,
    );
  }
  return { fragment, sizes: { characters: fragment.length, json: json.length } };
}

/**
 * Decodes the notebook of a fragment, with or without `#`. Reverts what mail and chat programs do to links: percent
 * encoding, once or twice, and a bracket or full stop appended to the link.
 *
 * @throws DocumentError with code notALink, newer, cut, damaged, tooLarge, json or notebook.
 */
export async function decodeLink(fragment: string): Promise<NotebookDocument> {
  if (fragment.length > 3 * linkSizes.refused) throw tooLong(fragment.length);
  const { payload, sum } = splitLink(tidyFragment(fragment));
  const json = await inflatePayload(payload);
  if (checksum(json) !== sum) {
    throw new DocumentError("damaged", "The link's checksum does not match its content: a character was changed.");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
  } catch {
    throw new DocumentError("json", "The link does not contain UTF-8 text.");
  }
  return parseNotebook(text).document;
}

function checksum(json: Uint8Array): string {
  return encodeBase64url(sha256(json).subarray(0, checksumBytes));
}

/** Removes `#`, percent encoding (our links contain no `%`), and everything after the last valid character. */
function tidyFragment(fragment: string): string {
  let text = fragment.trim().replace(/^#/, "");
  for (let pass = 0; pass < 2 && text.includes("%"); pass++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  let end = text.length;
  while (end > 0 && !/[A-Za-z0-9_-]/.test(text[end - 1]!)) end--;
  return text.slice(0, end).replace(/^#/, "");
}

function splitLink(text: string): { payload: string; sum: string } {
  if (text.length > linkSizes.refused) throw tooLong(text.length);
  const version = /^nb=([1-9][0-9]{0,5})(?:\.|$)/.exec(text);
  if (!version) throw new DocumentError("notALink", "The address does not contain a Weightroom notebook.");
  if (Number(version[1]) > linkVersion) {
    throw new DocumentError(
      "newer",
      `The link was made by a newer Weightroom (version ${version[1]}, this one reads ${linkVersion}). Reload the page.`,
    );
  }
  const [payload = "", sum, ...more] = text.slice(version[0].length).split(".");
  if (sum === undefined || sum.length < 8) {
    throw new DocumentError("cut", "The link is cut off: its end is missing. Ask for it again, or for the file.");
  }
  if (more.length > 0 || sum.length > 8) throw new DocumentError("damaged", "The link contains invalid characters.");
  return { payload, sum };
}

async function inflatePayload(payload: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = decodeBase64url(payload);
  if (!bytes) throw new DocumentError("damaged", "The link contains invalid characters.");
  try {
    return await inflate(bytes, maxInflatedBytes);
  } catch (error) {
    if (error instanceof InflateLimitError) {
      throw new DocumentError("tooLarge", `The link inflates to more than ${maxInflatedBytes} bytes.`);
    }
    throw new DocumentError("damaged", "The link's content cannot be unpacked: a character was changed.");
  }
}

function tooLong(length: number): DocumentError {
  return new DocumentError("tooLarge", `The link has ${length} characters; at most ${linkSizes.refused} are read.`);
}
