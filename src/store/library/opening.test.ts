import { describe, expect, test } from "vitest";
import { decideOpening, printAddress, readAddress, type StoredNotebook } from "./opening";

const link = { kind: "link", fragment: "#nb=1.abc.AAAAAAAA" } as const;
const fromLink: StoredNotebook = {
  key: "a",
  title: "mine",
  origin: { kind: "link", digest: "AAAAAAAA" },
  modified: 10,
};
const ownNotebook: StoredNotebook = { key: "b", title: "other", origin: { kind: "new" }, modified: 20 };

describe("addresses", () => {
  test("each kind is read as it is printed", () => {
    const addresses = [
      link,
      { kind: "gallery", name: "first-steps" },
      { kind: "own", key: "k-1" },
      { kind: "new" },
      { kind: "none" },
    ] as const;
    expect(addresses.map((address) => readAddress(printAddress(address)))).toEqual(addresses);
  });

  test("other fragments are not addresses", () => {
    expect(["", "#", "#top", "#gallery=../x", "#own=<b>", "#new=1"].map((text) => readAddress(text).kind)).toEqual(
      Array(6).fill("none"),
    );
  });
});

describe("decideOpening", () => {
  const origin = { kind: "link", digest: "AAAAAAAA" } as const;

  test("a link opens unchanged, and its edited copy is offered", () => {
    expect(decideOpening({ address: link, origin, kept: [fromLink, ownNotebook], recovered: null })).toEqual({
      open: "address",
      offer: { ...fromLink, why: "copy" },
    });
  });

  test("a recovered draft never shadows a link: it is offered", () => {
    expect(decideOpening({ address: link, origin, kept: [fromLink, ownNotebook], recovered: "b" })).toEqual({
      open: "address",
      offer: { ...ownNotebook, why: "recovered" },
    });
  });

  test("another link's copy is not offered", () => {
    const other = { kind: "link", digest: "BBBBBBBB" } as const;
    expect(decideOpening({ address: link, origin: other, kept: [fromLink], recovered: null })).toEqual({
      open: "address",
      offer: null,
    });
  });

  test("without an address, the last notebook is opened, including its recovered edits", () => {
    const situation = { address: { kind: "none" }, origin: null, kept: [fromLink, ownNotebook] } as const;
    expect(decideOpening({ ...situation, recovered: null })).toEqual({ open: "own", key: "b", offer: null });
    expect(decideOpening({ ...situation, recovered: "b" })).toEqual({ open: "own", key: "b", offer: null });
  });

  test("the first visit, and a notebook that is gone, open the start notebook", () => {
    expect(decideOpening({ address: { kind: "none" }, origin: null, kept: [], recovered: null })).toEqual({
      open: "start",
      offer: null,
    });
    const gone = { address: { kind: "own", key: "zzz" }, origin: null, kept: [ownNotebook], recovered: null } as const;
    expect(decideOpening(gone)).toEqual({ open: "start", offer: null });
  });
});
