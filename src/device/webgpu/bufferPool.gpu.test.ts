import { beforeAll, expect, test } from "vitest";
import type { DeviceMemoryError } from "../../base/errors";
import { SerialQueue } from "../serialQueue";
import { CommandBatch } from "./commandBatch";
import { NanGuard } from "../../testing/nanGuard";
import { BufferPool } from "./bufferPool";
import { captureErrors } from "./errorScopes";

let gpu: GPUDevice;
let batch: CommandBatch;
let line: SerialQueue;
let pool: BufferPool;

function refused(error: DeviceMemoryError): void {
  throw error;
}

beforeAll(async () => {
  gpu = await (await navigator.gpu.requestAdapter())!.requestDevice();
  const guard = new NanGuard(gpu);
  line = new SerialQueue((error) => {
    throw error;
  });
  batch = new CommandBatch(gpu, guard);
  pool = new BufferPool(gpu, line, batch, guard);
});

async function wordsOf(buffer: GPUBuffer): Promise<Uint32Array> {
  const read = gpu.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const whole = { offset: 0, bytes: buffer.size };
  batch.copy({ buffer, ...whole }, { buffer: read, ...whole });
  batch.submit();
  await read.mapAsync(GPUMapMode.READ);
  return new Uint32Array(read.getMappedRange().slice(0));
}

test("a buffer returns to the pool when its last owner releases it, after the work queued before", async () => {
  const lease = pool.acquire(1000, "a test", refused);
  lease.retain();
  lease.release();
  expect(pool.acquire(1000, "a test", refused).buffer).not.toBe(lease.buffer);
  let finish = (): void => undefined;
  line.runAfter(
    new Promise<void>((resolve) => {
      finish = resolve;
    }),
    () => undefined,
  );
  lease.release();
  expect(pool.acquire(1000, "a test", refused).buffer).not.toBe(lease.buffer);
  finish();
  await line.drain();
  expect(pool.acquire(1000, "a test", refused).buffer).toBe(lease.buffer);
});

test("a lease cannot be released twice or retained after its last release", () => {
  const lease = pool.acquire(1000, "a test", refused);
  lease.release();
  expect(() => lease.release()).toThrow("internal: a buffer was released twice");
  expect(() => lease.retain()).toThrow("internal: a buffer was retained after its last owner released it");
});

test("test builds reject a buffer that is in the pool, and its next owner reads NaN everywhere", async () => {
  // Longer than the buffer of NaNs, so that filling takes more than one copy.
  const bytes = 2 ** 19 + 2 ** 18;
  const lease = pool.acquire(bytes, "a test", refused);
  lease.release();
  const piece = { buffer: lease.buffer, offset: 0, bytes: 4 };
  const other = pool.acquire(4, "a test", refused);
  expect(() => batch.copy(piece, { ...piece, buffer: other.buffer })).toThrow("used after it returned to the pool");
  const next = pool.acquire(bytes, "a test", refused);
  expect(next.buffer).toBe(lease.buffer);
  const words = await wordsOf(next.buffer);
  expect(words.every((word) => word === 0x7fc00000)).toBe(true);
});

test("an error of a scoped call rejects only its own promise", async () => {
  const others: string[] = [];
  gpu.addEventListener("uncapturederror", ({ error }) => others.push(error.message));
  await expect(captureErrors(gpu, () => gpu.createShaderModule({ code: "no shader" }))).rejects.toThrow("internal: ");
  await expect(captureErrors(gpu, () => 7)).resolves.toBe(7);
  await gpu.queue.onSubmittedWorkDone();
  expect(others).toEqual([]);
});
