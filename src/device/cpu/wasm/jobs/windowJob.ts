/** Sliding windows over images: gathers patches, or sums patches back into images. */
import type { WindowLoop } from "../../../form";
import type { ValueId } from "../../../program";
import { UnsupportedWgsl } from "../../../wgsl/wgslReader";
import type { LaneIndex } from "../lanes/laneIndex";
import type { ProgramLanes } from "../lanes/programLanes";
import { inFours } from "./loopJob";
import { type TapRun, tapRunsAlong } from "./tapRuns";

class WindowWriter {
  constructor(
    private readonly code: ProgramLanes,
    private readonly loop: WindowLoop,
    private readonly input: ValueId,
    private readonly result: ValueId,
  ) {}

  write(): void {
    const { code, loop } = this;
    if (code.typeOf(this.result) !== "f32") throw new UnsupportedWgsl("a window over whole numbers");
    const zero = code.builder.graph.float(0);
    inFours(code, code.program.values[this.result]!.size, (index) => code.store(this.result, index, zero));
    this.each(loop.batch, (image) => {
      for (const rows of tapRunsAlong(loop, 0)) {
        for (const columns of tapRunsAlong(loop, 1)) this.tapRun(image, rows, columns);
      }
    });
  }

  private each(count: number, body: (index: LaneIndex) => void): void {
    const { builder, indices } = this.code;
    builder.loop(0, count, 1, (node) => body(indices.count(node, count - 1)));
  }

  /** Emits code for all positions of two sights. */
  private tapRun(image: LaneIndex, rows: TapRun, columns: TapRun): void {
    const { dilation, channels } = this.loop;
    // Without dilation, adjacent taps are contiguous both in the image and in the patch.
    const [turns, length] = dilation[1] === 1 ? [1, columns.to - columns.from] : [columns.to - columns.from, 1];
    this.each(rows.count, (row) =>
      this.each(columns.count, (column) =>
        this.each(rows.to - rows.from, (ky) =>
          this.each(turns, (kx) => {
            const pixel = this.pixelAt(image, [row, column], [ky, kx], [rows, columns]);
            const tap = this.tapAt(image, [row, column], [ky, kx], [rows, columns]);
            this.run(pixel, tap, length * channels);
          }),
        ),
      ),
    );
  }

  /** Returns the index in the image of the first of some contiguous elements. All counts are relative to the sights. */
  private pixelAt(
    image: LaneIndex,
    places: readonly LaneIndex[],
    taps: readonly LaneIndex[],
    tapRuns: readonly TapRun[],
  ): LaneIndex {
    const { indices } = this.code;
    const { lengths, strides, dilation, before, channels } = this.loop;
    const along = (side: 0 | 1) => {
      const { first, from } = tapRuns[side]!;
      const begin = indices.constant(first * strides[side] - before[side] + from * dilation[side]);
      const moved = indices.add(
        indices.times(places[side]!, strides[side]),
        indices.times(taps[side]!, dilation[side]),
      );
      return indices.add(begin, moved);
    };
    const line = indices.add(indices.times(image, lengths[0]), along(0));
    return indices.times(indices.add(indices.times(line, lengths[1]), along(1)), channels);
  }

  /** Returns the index of the same elements in the patches. */
  private tapAt(
    image: LaneIndex,
    places: readonly LaneIndex[],
    taps: readonly LaneIndex[],
    tapRuns: readonly TapRun[],
  ): LaneIndex {
    const { indices } = this.code;
    const { positions: lengths, kernel, channels } = this.loop;
    const placeAlong = (side: 0 | 1) => indices.add(places[side]!, indices.constant(tapRuns[side]!.first));
    const tapAlong = (side: 0 | 1) => indices.add(taps[side]!, indices.constant(tapRuns[side]!.from));
    const row = indices.add(indices.times(image, lengths[0]), placeAlong(0));
    const place = indices.add(indices.times(row, lengths[1]), placeAlong(1));
    const line = indices.add(indices.times(place, kernel[0]), tapAlong(0));
    return indices.times(indices.add(indices.times(line, kernel[1]), tapAlong(1)), channels);
  }

  /** Copies or adds contiguous elements. */
  private run(pixel: LaneIndex, tap: LaneIndex, length: number): void {
    const { code, loop } = this;
    const { builder, indices } = code;
    const [from, to] = loop.toPatches ? [pixel, tap] : [tap, pixel];
    inFours(code, length, (index) => {
      // Patches overlap in the image, so earlier sums must be visible.
      builder.nextPass();
      const target = indices.add(to, index);
      const value = code.load(this.input, indices.add(from, index), builder.level);
      if (loop.toPatches) code.store(this.result, target, value);
      else {
        const before = code.load(this.result, target, builder.level);
        code.store(this.result, target, builder.graph.op("f32x4.add", before, value));
      }
    });
  }
}

export function writeWindow(code: ProgramLanes, loop: WindowLoop, input: ValueId, result: ValueId): void {
  new WindowWriter(code, loop, input, result).write();
}
