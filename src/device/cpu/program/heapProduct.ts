/** Matrix products of compiled programs, on operands in the heap. */
import { sizeOf } from "../../../base/shape";
import type { ProductLoop } from "../../form";
import { type Heap, sharedHeap } from "../heap";
import { Panels, panelsModule, type RunProduct } from "../matmul/panels";
import { isOneProduct } from "../runForm";
import { stridedOffsets } from "../stridedOffsets";

/** Addresses of a product's operands and result. */
export interface ProductAddresses {
  readonly a: number;
  readonly b: number;
  readonly result: number;
}

let shared: Panels | undefined;

/**
 * Returns the WebAssembly module bound to the heap, whose reserved range it works in; undefined if the engine has no
 * SIMD.
 */
function panelsFor(heap: Heap): Panels | undefined {
  const found = panelsModule();
  if (heap !== sharedHeap() || !found) return undefined;
  return (shared ??= new Panels(found.module, heap.memory, heap.scratch));
}

/** Prepares a batch of float32 products. Undefined if the product is empty, or if the engine cannot run the module. */
export function prepareProduct(
  heap: Heap,
  loop: ProductLoop,
  { a, b, result }: ProductAddresses,
): RunProduct | undefined {
  const { rows, columns, depth, aStrides, bStrides, batchShape, aBatch, bBatch } = loop;
  const batches = sizeOf(batchShape);
  const panels = batches * rows * columns * depth > 0 ? panelsFor(heap) : undefined;
  if (!panels) return undefined;
  const product = { a, b, result, rows, columns, depth, aStrides, bStrides };
  if (isOneProduct(loop)) return panels.prepare({ ...product, rows: rows * batches });
  const [aOffsets, bOffsets] = [stridedOffsets(batchShape, aBatch, 0), stridedOffsets(batchShape, bBatch, 0)];
  const runs = Array.from(aOffsets, (offset, index) =>
    panels.prepare({
      ...product,
      a: a + offset * 4,
      b: b + bOffsets[index]! * 4,
      result: result + index * rows * columns * 4,
    }),
  );
  return () => {
    for (const run of runs) run();
  };
}
