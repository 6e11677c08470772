import { expect, test } from "vitest";
import { expectWithin } from "../../../testing/bounds";
import type { ProductLoop } from "../../form";
import { Heap, sharedHeap } from "../heap";
import { prepareProduct } from "./heapProduct";

const heap = sharedHeap()!;

/** Allocates a block filled with distinct numbers in [-1, 1), and returns its address and a copy of the values. */
function place(size: number, seed: number) {
  const address = heap.alloc(size * 4, "test");
  const view = new Float32Array(heap.buffer, address, size);
  for (let i = 0; i < size; i++) view[i] = 2 * (((i + 1) * 0.6180339887 + seed * 0.377) % 1) - 1;
  return { address, values: view.slice() };
}

/** Batches of products of 31 x 300 by 300 x 21. In the second, B is shared and the rows of A are consecutive. */
const loops: Record<string, ProductLoop> = {
  "a batch with an operand that is broadcast": {
    kind: "product",
    rows: 31,
    columns: 21,
    depth: 300,
    aStrides: [1, 31],
    bStrides: [21, 1],
    batchShape: [5, 2],
    aBatch: [9300, 0],
    bBatch: [12_600, 6300],
  },
  "a batch of rows by one matrix, transposed": {
    kind: "product",
    rows: 31,
    columns: 21,
    depth: 300,
    aStrides: [300, 1],
    bStrides: [1, 300],
    batchShape: [5],
    aBatch: [9300],
    bBatch: [0],
  },
};

function truth(a: Float32Array, b: Float32Array, loop: ProductLoop): number[] {
  const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
  const [outer, inner = 1] = batchShape;
  const sums: number[] = [];
  for (let i = 0; i < outer!; i++)
    for (let j = 0; j < inner; j++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          const left = i * aBatch[0]! + j * (aBatch[1] ?? 0) + row * aStrides[0];
          const right = i * bBatch[0]! + j * (bBatch[1] ?? 0) + column * bStrides[1];
          for (let k = 0; k < depth; k++) sum += a[left + k * aStrides[1]]! * b[right + k * bStrides[0]]!;
          sums.push(sum);
        }
  return sums;
}

for (const [name, loop] of Object.entries(loops)) {
  test(`${name} is multiplied in place in the heap`, () => {
    const [a, b, result] = [place(5 * 9300, 1), place(5 * 12_600, 2), place(10 * 31 * 21 + 1, 3)];
    const expected = truth(a.values, b.values, loop);
    const run = prepareProduct(heap, loop, { a: a.address, b: b.address, result: result.address })!;
    run();
    const actual = new Float32Array(heap.buffer, result.address, expected.length);
    expectWithin({ actual, expected, tolerance: () => loop.depth * 2 ** -24 * loop.depth, what: name });
    const past = new Float32Array(heap.buffer, result.address + expected.length * 4, 1);
    expect([...past]).toEqual([result.values[expected.length]]);
    for (const { address } of [a, b, result]) heap.free(address);
  });
}

test("nothing is prepared for empty products, nor on a heap without the module's reserved range", () => {
  const loop = loops["a batch of rows by one matrix, transposed"]!;
  const nowhere = { a: 0, b: 0, result: 0 };
  expect(prepareProduct(heap, { ...loop, depth: 0 }, nowhere)).toBeUndefined();
  expect(prepareProduct(new Heap(new WebAssembly.Memory({ initial: 1 })), loop, nowhere)).toBeUndefined();
});
