/**
 * Runs GPU calls in private error scopes: an error rejects the returned promise and never reaches `uncapturederror`,
 * where the next read of any tensor would report it.
 * @param calls runs synchronously
 */
export async function captureErrors<T>(gpu: GPUDevice, calls: () => T): Promise<Awaited<T>> {
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
