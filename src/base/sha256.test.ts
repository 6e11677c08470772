import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "./sha256";

function expected(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("agrees with Node's SHA-256 at every length around the block borders", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(expected(bytes));
  }
});

test("agrees with Node's SHA-256 on any bytes, including a view that starts inside its buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), fc.nat(20), (bytes, skip) => {
      const view = bytes.subarray(Math.min(skip, bytes.length));
      expect(Buffer.from(sha256(view)).toString("hex")).toBe(expected(view));
    }),
  );
});
