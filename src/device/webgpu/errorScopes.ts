/**
 * Runs GPU calls whose errors are their own: they reject the promise, and never reach `uncapturederror`, where the next read
 * of a tensor would report them.
 * @param calls runs at once
 */
export async function withOwnErrors<T>(gpu: GPUDevice, calls: () => T): Promise<Awaited<T>> {
  gpu.pushErrorScope("validation");
  gpu.pushErrorScope("out-of-memory");
  const results = [attempt(calls), gpu.popErrorScope(), gpu.popErrorScope()] as const;
  const [result, memory, validation] = await Promise.allSettled(results);
  for (const found of [validation, memory])
    if (found.status === "fulfilled" && found.value) throw new Error(`internal: ${found.value.message}`);
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

async function attempt<T>(calls: () => T): Promise<Awaited<T>> {
  return await calls();
}
