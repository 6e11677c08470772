import type { Product } from "./product";

/** What the assembled text exports: see matmul/panels.wat. */
interface Panels {
  readonly memory: WebAssembly.Memory;
  readonly tileRows: WebAssembly.Global;
  pack(
    source: number,
    target: number,
    lines: number,
    steps: number,
    lineBytes: number,
    stepBytes: number,
    width: number,
  ): void;
  multiply(rows: number, columns: number, depth: number, firstRow: number, stride: number, adds: number): void;
}

/** Lines of an operand (rows of A, columns of B), each of `steps` values along the depth, in elements of its array. */
interface Lines {
  source: Float32Array;
  at: number;
  lines: number;
  steps: number;
  lineStride: number;
  stepStride: number;
}

/** Where an operand goes, in bytes: as it is, and in panels. */
interface Side {
  raw: number;
  panels: number;
  width: number;
}

const tileColumns = 8;

/** The places of panels.wat, in bytes. */
const rightSide: Side = { raw: 0, panels: 0x080000, width: tileColumns };
const leftPlaces = { raw: 0x100000, panels: 0x120000 };
const resultPlace = 0x140000;

/**
 * Most steps, columns and rows of a block, and elements of C. A panel of B of that depth takes half of a first-level
 * cache, the rows a part of the second; 120 is whole tiles of 4 and of 6 rows.
 */
const most = { steps: 256, columns: 512, rows: 120, result: (0x300000 - resultPlace) / 4 };

/** Below this many neighbours a loop is faster than `set`, which makes an object. */
const fewNeighbours = 32;

/** The length of blocks as equal as can be, each at most `limit` long and a multiple of `unit`. */
function blockLength(length: number, limit: number, unit: number): number {
  return Math.ceil(length / Math.ceil(length / limit) / unit) * unit;
}

/** Multiplies in WebAssembly, block by block, through a memory of fixed size. */
export class WasmMultiplier {
  private readonly panels: Panels;
  private readonly memory: Float32Array;
  private readonly leftSide: Side;

  constructor(module: WebAssembly.Module) {
    this.panels = new WebAssembly.Instance(module).exports as unknown as Panels;
    this.memory = new Float32Array(this.panels.memory.buffer);
    this.leftSide = { ...leftPlaces, width: this.panels.tileRows.value as number };
  }

  /** `result = A B`. Products are added up in float32, in an order that depends on the sizes alone. */
  multiply(a: Float32Array, b: Float32Array, result: Float32Array, product: Product): void {
    const { rows, columns, depth, resultOffset } = product;
    if (depth === 0) result.fill(0, resultOffset, resultOffset + rows * columns);
    if (rows === 0 || columns === 0 || depth === 0) return;
    const columnStep = blockLength(columns, most.columns, tileColumns);
    const mostRows = Math.floor(most.result / columnStep / most.rows) * most.rows;
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

  /** One block of C, all of the depth. */
  private multiplyBlock(
    a: Float32Array,
    b: Float32Array,
    { depth, aOffset, aStrides, bOffset, bStrides }: Product,
    { row, column, height, width }: { row: number; column: number; height: number; width: number },
  ): void {
    const depthStep = blockLength(depth, most.steps, 1);
    const rowStep = blockLength(height, most.rows, this.leftSide.width);
    const stride = blockLength(width, width, tileColumns) * 4;
    for (let k = 0; k < depth; k += depthStep) {
      const steps = Math.min(depthStep, depth - k);
      const at = bOffset + k * bStrides[0] + column * bStrides[1];
      this.pack({ source: b, at, lines: width, steps, lineStride: bStrides[1], stepStride: bStrides[0] }, rightSide);
      for (let first = 0; first < height; first += rowStep) {
        const lines = Math.min(rowStep, height - first);
        const from = aOffset + (row + first) * aStrides[0] + k * aStrides[1];
        const left = { source: a, at: from, lines, steps, lineStride: aStrides[0], stepStride: aStrides[1] };
        this.pack(left, this.leftSide);
        this.panels.multiply(lines, width, steps, first, stride, k === 0 ? 0 : 1);
      }
    }
  }

  /** Copies lines as they lie, or step by step where the steps lie side by side, and packs them into panels. */
  private pack({ source, at, lines, steps, lineStride, stepStride }: Lines, { raw, panels, width }: Side): void {
    if (lineStride === 1 && lines > 1) {
      this.copyIn(source, at, steps, lines, stepStride, 1, raw / 4);
      this.panels.pack(raw, panels, lines, steps, 4, lines * 4, width);
    } else {
      this.copyIn(source, at, lines, steps, lineStride, stepStride, raw / 4);
      this.panels.pack(raw, panels, lines, steps, steps * 4, 4, width);
    }
  }

  /** Copies `runs` runs of `length` elements, to lie one after the other from `to` on. */
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
    if (joined && runs * length >= fewNeighbours) {
      memory.set(source.subarray(at, at + runs * length), to);
    } else if (stride === 1 && length >= fewNeighbours) {
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

  /** Copies a block of C, whose rows have room for whole tiles, to its place. */
  private copyOut(result: Float32Array, at: number, columns: number, height: number, width: number): void {
    const { memory } = this;
    const from = resultPlace / 4;
    const stride = blockLength(width, width, tileColumns);
    if (stride === columns) {
      result.set(memory.subarray(from, from + height * columns), at);
    } else if (width >= fewNeighbours) {
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
