/**
 * Runs jobs in the order they were put in: at once while nothing is awaited,
 * else after it. It lets a call return although bytes or a pipeline that it
 * needs are still on the way.
 */
export class Line {
  private tail: Promise<void> | undefined;

  /** @param onError receives what a job or an awaited promise threw. */
  constructor(private onError: (error: unknown) => void) {}

  run(job: () => void): void {
    if (this.tail) this.append(this.tail.then(job));
    else job();
  }

  /** True while nothing is awaited. */
  get isIdle(): boolean {
    return this.tail === undefined;
  }

  /** As `run`, with what the job gives; what it throws is the promise's alone. */
  after<T>(job: () => T | PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.run(() => {
        try {
          resolve(job());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Holds back every later job until `promise` has settled, then runs `job` with its value. */
  wait<T>(promise: Promise<T>, job: (value: T) => void): void {
    this.append((this.tail ?? Promise.resolve()).then(() => promise).then(job));
  }

  /** Resolves when all jobs put in so far have run; later ones may wait for what this promise leads to. */
  async settled(): Promise<void> {
    await this.tail;
  }

  private append(next: Promise<void>): void {
    const tail: Promise<void> = next.catch(this.onError).then(() => {
      if (this.tail === tail) this.tail = undefined;
    });
    this.tail = tail;
  }
}
