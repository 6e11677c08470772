/** Pools: a sliding window that reduces each channel to one value per position, and its gradient. */
import type { PoolLoop } from "../../../form";
import type { ValueId } from "../../../program";
import { UnsupportedWgsl } from "../../../wgsl/wgslReader";
import type { WasmNode } from "../assembler/wasmGraph";
import type { LaneIndex } from "../lanes/laneIndex";
import type { ProgramLanes } from "../lanes/programLanes";
import { inFours } from "./loopJob";
import { type TapRun, tapRunsAlong } from "./tapRuns";

/** Largest window in elements. A larger one would generate a function that takes longer to compile than it saves. */
const maxTaps = 36;

/** Returns true if no pixel belongs to two windows. */
function hasDisjointWindows({ kernel, strides }: PoolLoop): boolean {
  return kernel.every((length, side) => length <= strides[side]!);
}

/** Returns true if every pixel belongs to a window. Only valid for windows that do not overlap. */
function coversAll(loop: PoolLoop): boolean {
  return ([0, 1] as const).every((side) => {
    const seen = tapRunsAlong(loop, side).reduce((sum, { count, from, to }) => sum + count * (to - from), 0);
    return seen === loop.lengths[side];
  });
}

class PoolWriter {
  private readonly images: ValueId;
  private readonly gradient: ValueId | undefined;
  /** True if each pixel has at most one gradient, which is stored without accumulation. */
  private readonly apart: boolean;

  constructor(
    private readonly code: ProgramLanes,
    private readonly loop: PoolLoop,
    [images, gradient]: readonly ValueId[],
    private readonly result: ValueId,
  ) {
    this.images = images!;
    this.gradient = gradient;
    this.apart = hasDisjointWindows(loop);
  }

  write(): void {
    const { code, loop } = this;
    if (code.typeOf(this.result) !== "f32") throw new UnsupportedWgsl("a pool of whole numbers");
    if (loop.kernel[0] * loop.kernel[1] > maxTaps) throw new UnsupportedWgsl("a large pool");
    if (loop.gradient && !(this.apart && coversAll(loop))) {
      const zero = code.builder.graph.float(0);
      inFours(code, code.program.values[this.result]!.size, (index) => code.store(this.result, index, zero));
    }
    // Positions run in order, so that sums of overlapping windows equal the plain loops bit by bit.
    this.each(loop.batch, (image) => {
      for (const rows of tapRunsAlong(loop, 0))
        this.each(rows.count, (row) => {
          for (const columns of tapRunsAlong(loop, 1))
            this.each(columns.count, (column) => this.writePosition(image, [row, column], [rows, columns]));
        });
    });
  }

  private each(count: number, body: (index: LaneIndex) => void): void {
    const { builder, indices } = this.code;
    builder.loop(0, count, 1, (node) => body(indices.count(node, count - 1)));
  }

  /** Emits code for one position. @param at indices relative to the first positions of the sights */
  private writePosition(image: LaneIndex, at: readonly LaneIndex[], tapRuns: readonly [TapRun, TapRun]): void {
    const { code, loop } = this;
    const { indices } = code;
    const { positions, lengths, channels } = loop;
    const along = (side: 0 | 1) => indices.add(at[side]!, indices.constant(tapRuns[side].first));
    const place = this.flat([image, along(0), along(1)], positions);
    const pixels = this.tapsOf(tapRuns).map(([ky, kx]) =>
      this.flat([image, this.pixelAlong(0, at, tapRuns, ky), this.pixelAlong(1, at, tapRuns, kx)], lengths),
    );
    inFours(code, channels, (channel) => {
      // The gradient accumulates, so earlier stores must be visible.
      if (loop.gradient && !this.apart) code.builder.nextPass();
      const seen = pixels.map((pixel) => indices.add(pixel, channel));
      const target = indices.add(place, channel);
      if (this.gradient === undefined) code.store(this.result, target, this.valueOf(seen));
      else this.spread(seen, code.load(this.gradient, target));
    });
  }

  private tapsOf([rows, columns]: readonly [TapRun, TapRun]): [number, number][] {
    const taps: [number, number][] = [];
    for (let ky = rows.from; ky < rows.to; ky++) for (let kx = columns.from; kx < columns.to; kx++) taps.push([ky, kx]);
    return taps;
  }

  private pixelAlong(side: 0 | 1, at: readonly LaneIndex[], tapRuns: readonly TapRun[], tap: number): LaneIndex {
    const { indices } = this.code;
    const { strides, before, dilation } = this.loop;
    const begin = tapRuns[side]!.first * strides[side] - before[side] + tap * dilation[side];
    return indices.add(indices.times(at[side]!, strides[side]), indices.constant(begin));
  }

  /** Returns the index of channel 0 of [image, row, column]. */
  private flat([image, row, column]: readonly LaneIndex[], [rows, columns]: readonly [number, number]): LaneIndex {
    const { indices } = this.code;
    const line = indices.add(indices.times(image!, rows), row!);
    return indices.times(indices.add(indices.times(line, columns), column!), this.loop.channels);
  }

  private valueOf(seen: readonly LaneIndex[]): WasmNode {
    const { graph } = this.code.builder;
    const values = seen.map((index) => this.code.load(this.images, index));
    if (this.loop.reduction === "greatest")
      return values.reduce((best, value) => graph.select(value, best, this.isGreater(value, best)));
    const sum = values.reduce((total, value) => graph.op("f32x4.add", total, value));
    return graph.op("f32x4.div", sum, graph.float(values.length));
  }

  /** Returns the mask of lanes whose value replaces the best so far: it is greater, or the first NaN. */
  private isGreater(value: WasmNode, best: WasmNode): WasmNode {
    const { graph } = this.code.builder;
    const isNumber = graph.op("f32x4.eq", best, best);
    return graph.op("v128.and", isNumber, graph.op("v128.not", graph.op("f32x4.le", value, best)));
  }

  /** Distributes the gradient of one position to the pixels of its window. */
  private spread(seen: readonly LaneIndex[], gradient: WasmNode): void {
    const { code } = this;
    const { graph, level } = code.builder;
    const parts =
      this.loop.reduction === "greatest" ? this.chosenParts(seen, gradient) : this.equalParts(seen, gradient);
    // Adding 0 turns a single gradient of -0 into 0, like a sum that begins with 0.
    const before = seen.map((index) => (this.apart ? graph.float(0) : code.load(this.result, index, level)));
    seen.forEach((index, tap) => code.store(this.result, index, graph.op("f32x4.add", parts[tap]!, before[tap]!)));
  }

  private chosenParts(seen: readonly LaneIndex[], gradient: WasmNode): WasmNode[] {
    const { graph } = this.code.builder;
    const [first, ...others] = seen.map((index) => this.code.load(this.images, index));
    let [best, chosen] = [first!, graph.constant(0)];
    others.forEach((value, index) => {
      const isGreater = this.isGreater(value, best);
      best = graph.select(value, best, isGreater);
      chosen = graph.select(graph.constant(index + 1), chosen, isGreater);
    });
    return seen.map((_, tap) => graph.op("v128.and", gradient, graph.op("i32x4.eq", chosen, graph.constant(tap))));
  }

  private equalParts(seen: readonly LaneIndex[], gradient: WasmNode): WasmNode[] {
    const { graph } = this.code.builder;
    return seen.map(() => graph.op("f32x4.div", gradient, graph.float(seen.length)));
  }
}

/** Emits a pool. @param inputs the images; for their gradient, also the gradient of the result */
export function writePool(code: ProgramLanes, loop: PoolLoop, inputs: readonly ValueId[], result: ValueId): void {
  new PoolWriter(code, loop, inputs, result).write();
}
