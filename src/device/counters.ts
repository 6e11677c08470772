/** Memory and dispatch counters of a backend, for `describe()`. */
export class Counters {
  bytesInUse = 0;
  peakBytes = 0;
  buffers = 0;
  dispatches = 0;

  allocated(bytes: number): void {
    this.buffers++;
    this.bytesInUse += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytesInUse);
  }

  freed(bytes: number): void {
    this.buffers--;
    this.bytesInUse -= bytes;
  }
}
