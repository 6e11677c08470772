/** Duration of a chunk: long enough that queueing costs little, short enough that Stop takes effect soon. */
const targetMs = 25;
const maxSteps = 256;

/** Pacing: chooses the number of steps in a chunk from the time that earlier chunks took. */
export class Pacer {
  /** Number of steps in the next chunk. */
  chunkSize = 1;
  private lastEnd = 0;

  /**
   * Notes a chunk that was queued at `start` and finished at `end`. Time spent waiting for earlier chunks does not
   * count.
   */
  update(start: number, end: number, steps: number): void {
    const ms = (end - Math.max(start, this.lastEnd)) / steps;
    this.lastEnd = end;
    const wanted = Math.floor(targetMs / Math.max(ms, targetMs / maxSteps));
    this.chunkSize = Math.max(1, Math.min(wanted, this.chunkSize * 2));
  }
}
