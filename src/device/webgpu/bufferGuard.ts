/** Observer of a pool's buffers. Only tests install one: see `src/testing/nanGuard.ts`. */
export interface BufferGuard {
  onAcquire(buffer: GPUBuffer): void;
  /**
   * @param copy queues a copy of `bytes` from the start of `source` to `offset` in the returned buffer
   * @throws Error if the buffer is already in the pool
   */
  onRelease(buffer: GPUBuffer, copy: (source: GPUBuffer, offset: number, bytes: number) => void): void;
  /** @throws Error if the buffer is in the pool */
  check(buffer: GPUBuffer): void;
}

type CreateGuard = (gpu: GPUDevice) => BufferGuard;

let create: CreateGuard | undefined;

/** Guards the pools of devices that are opened afterwards, or none. */
export function guardBuffers(createGuard: CreateGuard | undefined): void {
  create = createGuard;
}

/** Returns a guard for one pool, or undefined if pools are not guarded. */
export function createBufferGuard(gpu: GPUDevice): BufferGuard | undefined {
  return create?.(gpu);
}
