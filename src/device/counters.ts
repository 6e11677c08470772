/** Memory and dispatch counters of a backend, for `describe()`. */
export class Counters {
  bytesInUse = 0;
  peakBytes = 0;
  buffers = 0;
  dispatches = 0;

  countAllocation(bytes: number): void {
    this.buffers++;
    this.bytesInUse += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytesInUse);
  }

  countFree(bytes: number): void {
    this.buffers--;
    this.bytesInUse -= bytes;
  }
}
