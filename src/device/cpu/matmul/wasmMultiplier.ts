import { depthStep, Panels, scratchBytes } from "./panels";
import type { Product } from "./product";

/**
 * Lines of an operand (rows of A or columns of B) in an array, each with `steps` values along the depth. Strides are in
 * elements.
 */
interface Lines {
  source: Float32Array;
  at: number;
  lines: number;
  steps: number;
  lineStride: number;
  stepStride: number;
}

const tileColumns = 8;

/** Addresses of blocks of the operands and of C, in bytes. The module's work area comes first. */
const places = { work: 64, right: 0x140000, left: 0x1c0000, result: 0x240000, end: 0x400000 };
if (places.work + scratchBytes > places.right) throw new Error("internal: the places of a product overlap");

/** Largest columns and rows of a block of 256 steps, and elements of C. Rows are whole tiles of both 4 and 6. */
const maxBlockLength = { columns: 512, rows: 480, result: (places.end - places.result) / 4 };

/** Below this number of contiguous elements, a loop is faster than `set`, which allocates a view. */
const minContiguous = 32;

/** Returns a block length that splits `length` as evenly as possible: at most `limit`, and a multiple of `unit`. */
function blockLength(length: number, limit: number, unit: number): number {
  return Math.ceil(length / Math.ceil(length / limit) / unit) * unit;
}

/** Multiplies arrays in WebAssembly by copying them block by block through a memory of fixed size. */
export class WasmMultiplier {
  private readonly panels: Panels;
  private readonly memory: Float32Array;

  constructor(module: WebAssembly.Module) {
    const pages = places.end / 0x10000;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.panels = new Panels(module, memory, places.work);
    this.memory = new Float32Array(memory.buffer);
  }

  /** Computes `result = A B`. Sums are in float32, in an order that depends only on the sizes. */
  multiply(a: Float32Array, b: Float32Array, result: Float32Array, product: Product): void {
    const { rows, columns, depth, resultOffset } = product;
    if (depth === 0) result.fill(0, resultOffset, resultOffset + rows * columns);
    if (rows === 0 || columns === 0 || depth === 0) return;
    const columnStep = blockLength(columns, maxBlockLength.columns, tileColumns);
    const mostRows = Math.floor(maxBlockLength.result / columnStep / maxBlockLength.rows) * maxBlockLength.rows;
    const rowStep = Math.min(rows, mostRows);
    for (let row = 0; row < rows; row += rowStep) {
      for (let column = 0; column < columns; column += columnStep) {
        const height = Math.min(rowStep, rows - row);
        const width = Math.min(columnStep, columns - column);
        this.multiplyBlock(a, b, product, { row, column, height, width });
        this.copyOut(result, resultOffset + row * columns + column, columns, height, width);
      }
    }
  }

  /** Multiplies one block of C over the entire depth. */
  private multiplyBlock(
    a: Float32Array,
    b: Float32Array,
    { depth, aOffset, aStrides, bOffset, bStrides }: Product,
    { row, column, height, width }: { row: number; column: number; height: number; width: number },
  ): void {
    const step = depthStep(depth);
    const rowStep = Math.min(height, maxBlockLength.rows);
    const stride = blockLength(width, width, tileColumns);
    for (let k = 0; k < depth; k += step) {
      const steps = Math.min(step, depth - k);
      const at = bOffset + k * bStrides[0] + column * bStrides[1];
      const right = { source: b, at, lines: width, steps, lineStride: bStrides[1], stepStride: bStrides[0] };
      const [bColumn, bStep] = this.copyLines(right, places.right);
      for (let first = 0; first < height; first += rowStep) {
        const lines = Math.min(rowStep, height - first);
        const from = aOffset + (row + first) * aStrides[0] + k * aStrides[1];
        const left = { source: a, at: from, lines, steps, lineStride: aStrides[0], stepStride: aStrides[1] };
        this.panels.prepare({
          a: places.left,
          b: places.right,
          result: places.result + first * stride * 4,
          rows: lines,
          columns: width,
          depth: steps,
          aStrides: this.copyLines(left, places.left),
          bStrides: [bStep, bColumn],
          stride,
          adds: k > 0,
        })();
      }
    }
  }

  /**
   * Copies line by line, or step by step if neighbouring lines are contiguous. Returns the strides of lines and steps in
   * the copy.
   */
  private copyLines({ source, at, lines, steps, lineStride, stepStride }: Lines, place: number): [number, number] {
    if (lineStride === 1 && lines > 1) {
      this.copyIn(source, at, steps, lines, stepStride, 1, place / 4);
      return [1, lines];
    }
    this.copyIn(source, at, lines, steps, lineStride, stepStride, place / 4);
    return [steps, 1];
  }

  /** Copies `runs` runs of `length` elements contiguously to `to`. */
  private copyIn(
    source: Float32Array,
    at: number,
    runs: number,
    length: number,
    runStride: number,
    stride: number,
    to: number,
  ): void {
    const { memory } = this;
    const joined = stride === 1 && (runStride === length || runs === 1);
    if (joined && runs * length >= minContiguous) {
      memory.set(source.subarray(at, at + runs * length), to);
    } else if (stride === 1 && length >= minContiguous) {
      for (let run = 0; run < runs; run++) {
        const start = at + run * runStride;
        memory.set(source.subarray(start, start + length), to + run * length);
      }
    } else {
      for (let run = 0; run < runs; run++) {
        const start = at + run * runStride;
        for (let i = 0; i < length; i++) memory[to++] = source[start + i * stride]!;
      }
    }
  }

  /** Copies a block of C, whose rows are padded to whole tiles, into the result. */
  private copyOut(result: Float32Array, at: number, columns: number, height: number, width: number): void {
    const { memory } = this;
    const from = places.result / 4;
    const stride = blockLength(width, width, tileColumns);
    if (stride === columns) {
      result.set(memory.subarray(from, from + height * columns), at);
    } else if (width >= minContiguous) {
      for (let row = 0; row < height; row++) {
        const start = from + row * stride;
        result.set(memory.subarray(start, start + width), at + row * columns);
      }
    } else {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          result[at + row * columns + column] = memory[from + row * stride + column]!;
        }
      }
    }
  }
}
