/** So much work is queued at once: enough that queueing costs little, and so little that a Stop is heard soon. */
const targetMs = 25;
const maxSteps = 256;

/** How many steps go into one submit, by how long those before took. */
export class Pace {
  /** Steps to queue next. */
  size = 1;
  private lastEnd = 0;

  /** Steps that were queued at `start` were done at `end`; those before them may have held them up. */
  note(start: number, end: number, steps: number): void {
    const ms = (end - Math.max(start, this.lastEnd)) / steps;
    this.lastEnd = end;
    const wanted = Math.floor(targetMs / Math.max(ms, targetMs / maxSteps));
    this.size = Math.max(1, Math.min(wanted, this.size * 2));
  }
}
