/**
 * Small matrix products. A block of the result stays in registers, with a vector of adjacent columns for each row, and
 * the epilogue runs on the block before it is stored.
 */
import { sizeOf } from "../../../../base/shape";
import type { ProductLoop } from "../../../form";
import type { ProductJob } from "../../../program";
import type { WasmNode } from "../assembler/wasmGraph";
import type { LaneIndex } from "../lanes/laneIndex";
import type { ProgramLanes } from "../lanes/programLanes";
import { writeLoop } from "./loopJob";

/** Largest number of multiply-adds computed here. For larger products, packing the operands pays off. */
const smallProduct = 65_536;
/** Up to this number of rows, packing never pays off. */
const fewRows = 4;
/** Up to this depth, the steps are unrolled. */
const shortDepth = 8;
/** Number of vectors of B that stay in registers while all rows are computed. */
const maxAccumulators = 6;
/**
 * Size of an epilogue, in nodes, above which it is generated once as a separate loop instead of for every vector of a
 * block.
 */
const longEpilogue = 40;

export function isSmallProduct({ batchShape, rows, columns, depth }: ProductLoop): boolean {
  return rows <= fewRows || sizeOf(batchShape) * rows * columns * depth <= smallProduct;
}

/** Chooses the rows and vectors of a block: at most nine accumulators. */
function tileOf({ rows, columns }: ProductLoop): { rows: number; vectors: number } {
  const vectors = Math.min(Math.ceil(columns / 4), rows <= 2 ? 8 / Math.max(rows, 1) : rows === 3 ? 3 : 2);
  return { rows: Math.min(rows, Math.floor(9 / vectors), 8), vectors };
}

/** Position of a block in the result. */
interface ProductTile {
  readonly batch: LaneIndex;
  readonly row: LaneIndex;
  readonly rows: number;
  readonly column: LaneIndex;
  readonly vectors: number;
  /** Columns in the last vector. */
  readonly lastLanes: number;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

class ProductWriter {
  private readonly loop: ProductLoop;
  private readonly aBatchAt: (batch: LaneIndex) => LaneIndex;
  private readonly bBatchAt: (batch: LaneIndex) => LaneIndex;
  /** True if the epilogue runs in a separate loop over the finished result. */
  private readonly finishesLater: boolean;

  constructor(
    private readonly code: ProgramLanes,
    private readonly job: ProductJob,
    private readonly fuses: boolean,
  ) {
    const { loop } = job.product;
    this.loop = loop;
    const along = (strides: readonly number[]) => (batch: LaneIndex) =>
      code.indices.along({ strides, offset: 0 }, loop.batchShape, batch);
    this.aBatchAt = along(loop.aBatch);
    this.bBatchAt = along(loop.bBatch);
    const body = job.epilogue;
    this.finishesLater = code.costOf((scratch) => writeLoop(scratch, { size: 4, body })) > longEpilogue;
  }

  write(): void {
    const { rows, columns, batchShape } = this.loop;
    const block = tileOf(this.loop);
    const width = 4 * block.vectors;
    this.inBlocks(sizeOf(batchShape), 1, (batch) =>
      this.inBlocks(rows, block.rows, (row, blockRows) =>
        this.inBlocks(columns, width, (column, blockColumns) => {
          const vectors = Math.ceil(blockColumns / 4);
          const lastLanes = blockColumns - 4 * (vectors - 1);
          this.block({ batch, row, rows: blockRows, column, vectors, lastLanes });
        }),
      ),
    );
    if (!this.finishesLater) return;
    this.code.builder.nextPass();
    const { result } = this.job.product;
    writeLoop(this.code, { size: this.code.program.values[result]!.size, body: this.job.epilogue });
  }

  /** Runs `body` for whole blocks and then for the remainder. */
  private inBlocks(length: number, step: number, body: (begin: LaneIndex, length: number) => void): void {
    const { builder, indices } = this.code;
    const whole = length - (length % step);
    builder.loop(0, whole, step, (count) => body(indices.count(count, whole - step, step), step));
    if (whole < length) body(indices.constant(whole), length - whole);
  }

  private block(block: ProductTile): void {
    const sums = this.loop.depth <= shortDepth ? this.sumsAtOnce(block) : this.sumsInTurns(block);
    const { indices } = this.code;
    const { rows, columns } = this.loop;
    const { product, epilogue } = this.job;
    for (const r of range(block.rows)) {
      const line = indices.add(indices.add(indices.times(block.batch, rows), block.row), indices.constant(r));
      for (const v of range(block.vectors)) {
        const place = indices.add(block.column, indices.constant(4 * v));
        const index = indices.add(indices.add(indices.times(line, columns), place), indices.lane);
        const sum = sums[r * block.vectors + v]!;
        this.inLanes(block, v, () => {
          if (this.finishesLater) this.code.store(product.result, index, sum);
          else this.code.storeIfStored(product.result, index, sum);
          if (!this.finishesLater) this.code.body(epilogue, index, new Map([[product.result, sum]]));
        });
      }
    }
  }

  private inLanes({ vectors, lastLanes }: ProductTile, vector: number, body: () => void): void {
    const { indices } = this.code;
    indices.lanes = vector === vectors - 1 ? lastLanes : 4;
    body();
    indices.lanes = 4;
  }

  private zeros({ rows, vectors }: ProductTile): WasmNode[] {
    return range(rows * vectors).map(() => this.code.builder.graph.float(0));
  }

  private sumsAtOnce(block: ProductTile): readonly WasmNode[] {
    const { depth } = this.loop;
    let sums = this.zeros(block);
    for (let k = 0; k < depth; k += 4)
      sums = this.steps(block, sums, this.code.indices.constant(k), Math.min(4, depth - k));
    return sums;
  }

  private sumsInTurns(block: ProductTile): readonly WasmNode[] {
    const { builder, indices } = this.code;
    const { depth } = this.loop;
    const variables = this.zeros(block).map((zero) => {
      const variable = builder.newVariable("v128");
      builder.set(variable, zero);
      return variable;
    });
    const turn = (k: LaneIndex, count: number) => {
      const before = variables.map((variable) => builder.get(variable));
      this.steps(block, before, k, count).forEach((sum, index) => builder.set(variables[index]!, sum));
    };
    const whole = depth - (depth % 4);
    builder.loop(0, whole, 4, (k) => turn(indices.count(k, whole - 4, 4), 4));
    if (whole < depth) turn(indices.constant(whole), depth - whole);
    return variables.map((variable) => builder.get(variable));
  }

  /** Adds up to four steps of the depth to the sums. */
  private steps(block: ProductTile, sums: readonly WasmNode[], k: LaneIndex, count: number): WasmNode[] {
    const vectors = range(block.vectors).map((v) => this.columnsOf(block, v, k, count));
    let next = [...sums];
    for (const step of range(count)) {
      const elements = range(block.rows).map((r) => this.elementOfA(block, r, k, step));
      next = next.map((sum, index) => {
        const [r, v] = [Math.floor(index / block.vectors), index % block.vectors];
        return this.multiplyAdd(elements[r]!, vectors[v]![step]!, sum);
      });
    }
    return next;
  }

  private multiplyAdd(a: WasmNode, b: WasmNode, sum: WasmNode): WasmNode {
    const { graph } = this.code.builder;
    if (this.fuses) return graph.op("f32x4.relaxed_madd", a, b, sum);
    return graph.op("f32x4.add", sum, graph.op("f32x4.mul", a, b));
  }

  private elementOfA({ batch, row }: ProductTile, r: number, k: LaneIndex, step: number): WasmNode {
    const { indices, builder } = this.code;
    const { aStrides } = this.loop;
    const line = indices.times(indices.add(row, indices.constant(r)), aStrides[0]);
    const along = indices.times(indices.add(k, indices.constant(step)), aStrides[1]);
    const index = indices.add(indices.add(this.aBatchAt(batch), line), along);
    return this.code.load(this.job.product.a, index, builder.level);
  }

  /** Returns a vector of B for each step. */
  private columnsOf(block: ProductTile, v: number, k: LaneIndex, count: number): readonly WasmNode[] {
    const { code } = this;
    const { bStrides, depth, rows } = this.loop;
    const { indices } = code;
    const level = block.vectors * depth <= maxAccumulators && rows > block.rows ? undefined : code.builder.level;
    const at = (column: LaneIndex, steps: LaneIndex) => {
      const inRow = indices.times(indices.add(block.column, column), bStrides[1]);
      const index = indices.add(indices.times(indices.add(k, steps), bStrides[0]), inRow);
      return code.load(this.job.product.b, indices.add(this.bBatchAt(block.batch), index), level);
    };
    const lanes = v === block.vectors - 1 ? block.lastLanes : 4;
    if (count === 4 && bStrides[0] === 1 && bStrides[1] !== 1) {
      // The depth is contiguous: four columns are loaded as vectors and transposed.
      return this.turned(range(4).map((c) => at(indices.constant(4 * v + (c < lanes ? c : 0)), indices.lane)));
    }
    const columns = indices.add(indices.constant(4 * v), indices.lane);
    const vectors: WasmNode[] = [];
    this.inLanes(block, v, () => vectors.push(...range(count).map((step) => at(columns, indices.constant(step)))));
    return vectors;
  }

  /** Transposes a 4 x 4 matrix of vectors. */
  private turned(rows: readonly WasmNode[]): readonly WasmNode[] {
    const [a, b, c, d] = rows as [WasmNode, WasmNode, WasmNode, WasmNode];
    const { graph } = this.code.builder;
    const low = [graph.shuffle(a, b, [0, 4, 1, 5]), graph.shuffle(c, d, [0, 4, 1, 5])] as const;
    const high = [graph.shuffle(a, b, [2, 6, 3, 7]), graph.shuffle(c, d, [2, 6, 3, 7])] as const;
    return [low, high].flatMap(([first, second]) => [
      graph.shuffle(first, second, [0, 1, 4, 5]),
      graph.shuffle(first, second, [2, 3, 6, 7]),
    ]);
  }
}

export function writeProduct(code: ProgramLanes, job: ProductJob, options: { fuses: boolean }): void {
  new ProductWriter(code, job, options.fuses).write();
}
