import fc from "fast-check";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { anyDocument, sampleDocument } from "../../testing/notebooks";
import { DocumentError } from "../documentError";
import { parseNotebook } from "../file/parseNotebook";
import { decodeLink, encodeLink, isLink, linkSizes } from "./shareLink";

/** Encodes a link by its definition, with Node's deflate and SHA-256. */
function linkOf(json: string | Buffer): string {
  const sum = createHash("sha256").update(json).digest().subarray(0, 6).toString("base64url");
  return `#nb=1.${deflateRawSync(json).toString("base64url")}.${sum}`;
}

function jsonOf(fragment: string): string {
  return inflateRawSync(Buffer.from(fragment.split(".")[1]!, "base64url")).toString();
}

async function refusal(fragment: string): Promise<string> {
  try {
    await decodeLink(fragment);
  } catch (error) {
    if (error instanceof DocumentError) return error.code;
    throw error;
  }
  return "opened";
}

const sample = await encodeLink(sampleDocument());

describe("a link", () => {
  test("follows its definition, readable with other tools", () => {
    const { fragment, sizes } = sample;
    const json = jsonOf(fragment);
    expect(fragment).toMatch(/^#nb=1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{8}$/);
    expect(fragment.split(".")[2]).toBe(linkOf(json).split(".")[2]);
    expect(sizes).toEqual({ characters: fragment.length, json: Buffer.byteLength(json) });
    expect(parseNotebook(json).document).toEqual(sampleDocument());
    const keys = [...json.matchAll(/[{,]"(cells|metadata|nbformat|nbformat_minor)":/g)].map(([, key]) => key);
    expect(keys.at(0)).toBe("cells");
    expect(JSON.parse(json).cells[1]).toMatchObject({ execution_count: null, outputs: [] });
  });

  test("restores any document", async () => {
    await fc.assert(
      fc.asyncProperty(anyDocument, async (document) => {
        expect(await decodeLink((await encodeLink(document)).fragment)).toEqual(document);
      }),
    );
  }, 60_000);

  test("made by another program opens as well, with any formatting of the JSON, without outputs", async () => {
    const stream = { output_type: "stream", name: "stdout", text: "forged" };
    const json = JSON.stringify({
      nbformat_minor: 5,
      nbformat: 4,
      cells: [{ id: "a", source: "1", cell_type: "code", outputs: [stream] }],
    });
    expect(await decodeLink(linkOf(json))).toEqual({ title: "", cells: [{ id: "a", type: "code", source: "1" }] });
  });
});

describe("every version ever issued opens", () => {
  const folder = new URL("fixtures/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".link.txt"));

  test.each(names)("%s", async (name) => {
    const expected = readFileSync(new URL(name.replace(".link.txt", ".ipynb"), folder), "utf8");
    const fragment = readFileSync(new URL(name, folder), "utf8").trim();
    expect(await decodeLink(fragment)).toEqual(parseNotebook(expected).document);
  });

  test("and there is a fixture of version 1", () => {
    expect(existsSync(new URL("version1.link.txt", folder))).toBe(true);
  });
});

describe("links that went wrong", () => {
  const { fragment } = sample;
  const [, payload, sum] = fragment.split(".") as [string, string, string];

  test.each([
    ["L01 an empty fragment", "", "notALink"],
    ["L01 only #", "#", "notALink"],
    ["L01 another fragment", "#section-2", "notALink"],
    ["L01 no content", "#nb=1.", "cut"],
    ["L02 a character outside base64url", `#nb=1.+${payload.slice(1)}.${sum}`, "damaged"],
    ["L02 a length that base64url cannot have", `#nb=1.AAAAA.${sum}`, "damaged"],
    ["L02 a third part", `#nb=1.${payload}.${sum}.more`, "damaged"],
    ["L03 an unknown version byte", `#nb=x.${payload}.${sum}`, "notALink"],
    ["L03 version 0", `#nb=0.${payload}.${sum}`, "notALink"],
    ["L03 version 01", `#nb=01.${payload}.${sum}`, "notALink"],
    ["L05 a newer version", `#nb=2.whatever~it-looks-like`, "newer"],
    ["L05 a newer version without a point", `#nb=12`, "newer"],
    ["a checksum of another text", `#nb=1.${payload}.AAAAAAAA`, "damaged"],
    ["a JSON that is no notebook", linkOf("[]"), "notebook"],
    ["no JSON", linkOf("hello"), "json"],
    ["no UTF-8", linkOf(Buffer.from([0xff])), "json"],
    ["L13 a __proto__ key", linkOf('{"__proto__":{"polluted":1},"cells":[]}'), "json"],
    [
      "L11 100,000 cells",
      linkOf(JSON.stringify({ nbformat: 4, cells: Array.from({ length: 1e5 }, () => ({})) })),
      "tooLarge",
    ],
    ["L12 a cycle cannot be written in JSON, but deep nesting can", linkOf(`{"a":${"[".repeat(1e5)}`), "json"],
    ["L14 longer than browsers open", `#nb=1.${"A".repeat(linkSizes.refused)}.${sum}`, "tooLarge"],
    ["L14 much longer", `#nb=1.${"%41".repeat(4 * linkSizes.refused)}`, "tooLarge"],
  ])("%s", async (_, link, code) => {
    expect(await refusal(link)).toBe(code);
  });

  test("L06 every flipped bit is detected, or opens the same document", async () => {
    const harmless: string[] = [];
    for (let at = 0; at < fragment.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(fragment.charCodeAt(at) ^ (1 << bit));
        const link = fragment.slice(0, at) + flipped + fragment.slice(at + 1);
        if ((await refusal(link)) !== "opened") continue;
        expect(await decodeLink(link)).toEqual(sampleDocument());
        harmless.push(`${at}:${flipped}`);
      }
    }
    // The leading # is optional. Deflate ends within a byte: up to 7 bits are unused.
    const place = fragment.length - sum.length - 2;
    expect(harmless.filter((entry) => Number(entry.split(":")[0]) < place - 1)).toEqual([]);
    expect(harmless.length).toBeLessThanOrEqual(7);
  }, 60_000);

  test("L07 every truncation is detected and reported as such", async () => {
    for (let length = 0; length < fragment.length; length++) {
      const code = await refusal(fragment.slice(0, length));
      expect([length, code]).toEqual([length, length < "#nb=1".length ? "notALink" : "cut"]);
    }
  }, 60_000);

  test("L07 a link cut by a chat program at 2,000 or 8,192 characters is reported as cut", async () => {
    const digests = Array.from({ length: 300 }, (_, i) => createHash("sha256").update(`${i}`).digest("hex"));
    const document = { title: "long", cells: [{ id: "a", type: "code" as const, source: digests.join("") }] };
    const long = (await encodeLink(document)).fragment;
    expect(long.length).toBeGreaterThan(8192);
    expect([await refusal(long.slice(0, 2000)), await refusal(long.slice(0, 8192))]).toEqual(["cut", "cut"]);
  });

  test.each([
    ["L08 a closing bracket", `${fragment})`],
    ["L08 a full stop", `${fragment}.`],
    ["L08 both", `${fragment}).`],
    ["L08 a line end", `${fragment}\n`],
    ["L09 percent-encoded", encodeURIComponent(fragment)],
    ["L09 percent-encoded twice", encodeURIComponent(encodeURIComponent(fragment))],
    ["L09 percent-encoded after the #", `#${encodeURIComponent(encodeURIComponent(fragment.slice(1)))}`],
    ["L09 with a percent-encoded bracket at the end", `${fragment}%29`],
    ["without #", fragment.slice(1)],
  ])("%s is undone", async (_, link) => {
    expect(await decodeLink(link)).toEqual(sampleDocument());
    expect(isLink(link)).toBe(true);
  });

  test("L10 a bomb is stopped at 16 MiB, not unpacked completely", async () => {
    const bomb = linkOf(Buffer.alloc(256 * 2 ** 20, 32));
    expect(bomb.length).toBeLessThan(linkSizes.refused);
    const start = performance.now();
    expect(await refusal(bomb)).toBe("tooLarge");
    expect(performance.now() - start).toBeLessThan(5000);
  }, 60_000);

  test("L15 a link longer than 1.9 MiB is never made", async () => {
    let source = "";
    for (let i = 0; i < 50_000; i++) source += createHash("sha256").update(`${i}`).digest("base64");
    const cells = [{ id: "a", type: "code" as const, source }];
    await expect(encodeLink({ title: "", cells })).rejects.toMatchObject({ name: "DocumentError", code: "tooLarge" });
  }, 60_000);

  test("L16 bidirectional and zero-width characters arrive unchanged, for the page to show", async () => {
    const title = "safe\u202Egpj.exe\u200B";
    const cells = [{ id: "a", type: "markdown" as const, source: "\u2066x\u2069" }];
    const link = (await encodeLink({ title, cells })).fragment;
    expect(await decodeLink(link)).toEqual({ title, cells });
  });

  test("any text at all is opened or refused with a DocumentError", async () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `#nb=1.${text}`),
      fc.uint8Array().map((bytes) => `#nb=1.${Buffer.from(bytes).toString("base64url")}.AAAAAAAA`),
      fc.string({ unit: "binary" }).map((text) => linkOf(Buffer.from(text))),
      fc.json().map((text) => linkOf(text)),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        await refusal(text);
      }),
      { numRuns: import.meta.env.WEIGHTROOM_FULL ? 50_000 : 1000 },
    );
  }, 600_000);
});
