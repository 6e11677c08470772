import { isLink } from "../../notebook/link/shareLink";
import type { DocumentOrigin } from "../document/documentStore";

/** The request in an address. */
export type Address =
  | { kind: "link"; fragment: string }
  | { kind: "gallery"; name: string }
  | { kind: "own"; key: string }
  | { kind: "new" }
  | { kind: "none" };

/** Parses a fragment, with or without `#`. Unknown fragments count as none. */
export function readAddress(fragment: string): Address {
  if (isLink(fragment)) return { kind: "link", fragment };
  if (fragment === "#new") return { kind: "new" };
  const [name, value = ""] = fragment.replace(/^#/, "").split("=");
  if (name === "gallery" && /^[A-Za-z0-9-]+$/.test(value)) return { kind: "gallery", name: value };
  if (name === "own" && /^[A-Za-z0-9-]+$/.test(value)) return { kind: "own", key: value };
  return { kind: "none" };
}

export function printAddress(address: Address): string {
  if (address.kind === "link") return address.fragment;
  if (address.kind === "gallery") return `#gallery=${address.name}`;
  if (address.kind === "new") return "#new";
  return address.kind === "own" ? `#own=${address.key}` : "";
}

/** Information about a notebook stored in this browser. */
export interface StoredNotebook {
  key: string;
  title: string;
  origin: DocumentOrigin;
  modified: number;
}

/** A local copy that is offered next to what was opened. */
export interface Offer extends StoredNotebook {
  /** `copy`: an edited copy of the open notebook. `recovered`: edits that the last visit could not save. */
  why: "copy" | "recovered";
}

export type Opening =
  | { open: "address"; offer: Offer | null }
  | { open: "own"; key: string; offer: null }
  | { open: "start"; offer: Offer | null };

interface Situation {
  address: Address;
  /** The opened link or gallery notebook, if the address names one. */
  origin: DocumentOrigin | null;
  kept: readonly StoredNotebook[];
  /** The notebook whose last edits came from the journal rather than a regular save. */
  recovered: string | null;
}

/**
 * Decides what a visit opens. A link, a gallery notebook or a new notebook is always shown unchanged: a local copy,
 * saved or recovered, is only offered next to it. Without an address, the last notebook is opened.
 */
export function decideOpening({ address, origin, kept, recovered }: Situation): Opening {
  const newest = [...kept].sort((a, b) => b.modified - a.modified);
  if (address.kind === "own") {
    const found = newest.find(({ key }) => key === address.key);
    if (found) return { open: "own", key: found.key, offer: null };
  }
  if (address.kind === "link" || address.kind === "gallery" || address.kind === "new") {
    const copy = newest.find((one) => origin !== null && sameOrigin(one.origin, origin));
    const rescued = newest.find(({ key }) => key === recovered);
    if (rescued) return { open: "address", offer: { ...rescued, why: "recovered" } };
    return { open: "address", offer: copy ? { ...copy, why: "copy" } : null };
  }
  const last = newest[0];
  if (last && address.kind === "none") return { open: "own", key: last.key, offer: null };
  const rescued = newest.find(({ key }) => key === recovered);
  return { open: "start", offer: rescued ? { ...rescued, why: "recovered" } : null };
}

export function sameOrigin(a: DocumentOrigin, b: DocumentOrigin): boolean {
  if (a.kind === "link" && b.kind === "link") return a.digest === b.digest;
  return a.kind === "gallery" && b.kind === "gallery" && a.name === b.name;
}
