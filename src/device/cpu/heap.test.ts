import fc from "fast-check";
import { expect, test } from "vitest";
import { DeviceMemoryError } from "../../base/errors";
import { Heap } from "./heap";

const page = 65_536;

function openHeap({ pages = 1, most = 4, scratch = 0 } = {}): Heap {
  return new Heap(new WebAssembly.Memory({ initial: pages, maximum: most }), scratch);
}

interface Piece {
  address: number;
  bytes: number;
}

test("allocations are aligned, start after the reserved range, and never overlap, slack included", () => {
  const change = fc.record({ bytes: fc.nat(9000), frees: fc.boolean(), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const heap = openHeap({ most: 100, scratch: 100 });
      const pieces: Piece[] = [];
      for (const { bytes, frees, which } of changes) {
        if (frees && pieces.length > 0) heap.free(pieces.splice(which % pieces.length, 1)[0]!.address);
        else pieces.push({ address: heap.alloc(bytes, "test"), bytes });
      }
      const sorted = pieces.toSorted((a, b) => a.address - b.address);
      const wrong = sorted.filter(({ address, bytes }, index) => {
        const next = sorted[index + 1]?.address ?? heap.buffer.byteLength;
        return address % 64 !== 0 || address < 164 || address + bytes + 64 > next;
      });
      expect(wrong).toEqual([]);
    }),
  );
});

test("freed blocks merge with free neighbours and are allocated again", () => {
  const heap = openHeap({ most: 1 });
  const third = (page - 64) / 3 - 128;
  const addresses = Array.from({ length: 3 }, () => heap.alloc(third, "test"));
  expect(() => heap.alloc(third, "test")).toThrow(DeviceMemoryError);
  for (const index of [0, 2, 1]) heap.free(addresses[index]!);
  expect(heap.alloc(page - 128, "test")).toBe(64);
});

test("growth keeps the contents and detaches views of the previous buffer", () => {
  const heap = openHeap();
  const address = heap.alloc(16, "test");
  const before = new Int32Array(heap.buffer, address, 4);
  before.set([1, 2, 3, 4]);
  heap.alloc(2 * page, "test");
  expect(before.length).toBe(0);
  expect([...new Int32Array(heap.buffer, address, 4)]).toEqual([1, 2, 3, 4]);
});

test("a failed growth reports where and how much is left, and changes nothing", () => {
  const heap = openHeap({ most: 2 });
  heap.alloc(64, "test");
  const error = (() => {
    try {
      return heap.alloc(3 * page, "a compiled step");
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({
    name: "DeviceMemoryError",
    at: "a compiled step",
    needed: 3 * page,
    available: page - 256,
  });
  expect(heap.alloc(page, "test")).toBe(192);
});

test("freeing a block twice throws", () => {
  const heap = openHeap();
  const address = heap.alloc(4, "test");
  heap.free(address);
  expect(() => heap.free(address)).toThrow(`internal: no piece begins at ${address}`);
});
