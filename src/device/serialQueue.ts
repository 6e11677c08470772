/**
 * Serial queue of jobs. A job runs immediately if nothing is pending, otherwise after everything before it. This lets a
 * call return although bytes or a pipeline that it needs are still pending.
 */
export class SerialQueue {
  private pending: Promise<void> | undefined;

  /** @param onError receives any error that a job throws or an awaited promise rejects with */
  constructor(private onError: (error: unknown) => void) {}

  run(job: () => void): void {
    if (this.pending) this.append(this.pending.then(job));
    else job();
  }

  /** True if nothing is pending. */
  get isIdle(): boolean {
    return this.pending === undefined;
  }

  /** Runs a job like `run` and resolves to its result. An error rejects only the returned promise, not `onError`. */
  runForResult<T>(job: () => T | PromiseLike<T>): Promise<T> {
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

  /** Delays all later jobs until `promise` settles, then runs `job` with its value. */
  runAfter<T>(promise: Promise<T>, job: (value: T) => void): void {
    this.append((this.pending ?? Promise.resolve()).then(() => promise).then(job));
  }

  /**
   * Like `runAfter`, and resolves to the job's result. An error of the promise or the job rejects only the returned
   * promise, not `onError`.
   */
  runAfterForResult<T, R>(promise: Promise<T>, job: (value: T) => R): Promise<R> {
    // It may reject before earlier jobs have run, when nothing awaits it yet.
    promise.catch(ignore);
    const result = (this.pending ?? Promise.resolve()).then(() => promise).then(job);
    this.append(result.then(ignore, ignore));
    return result;
  }

  /**
   * Resolves when all jobs queued so far have run. Jobs queued later may depend on the continuation of this promise.
   */
  async drain(): Promise<void> {
    await this.pending;
  }

  private append(next: Promise<void>): void {
    const pending: Promise<void> = next.catch(this.onError).then(() => {
      if (this.pending === pending) this.pending = undefined;
    });
    this.pending = pending;
  }
}

function ignore(): void {}
