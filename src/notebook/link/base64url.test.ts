import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64url, encodeBase64url } from "./base64url";

test("agrees with Node's base64url in both directions, also beyond one chunk", () => {
  const large = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 3);
  for (const bytes of [large, ...fc.sample(fc.uint8Array({ maxLength: 99 }), 200)]) {
    const text = Buffer.from(bytes).toString("base64url");
    expect(encodeBase64url(bytes)).toBe(text);
    expect(decodeBase64url(text)).toEqual(bytes);
  }
});

test("refuses padding, other alphabets, impossible lengths and unused bits that are set", () => {
  expect(["AA==", "+A", "/A", "A A", "A", "AAAAA", "AB", "AAB"].map(decodeBase64url)).toEqual(
    new Array(8).fill(undefined),
  );
});
