/** Outcome of the GPU probe. Each failure has its own message for the user. */
export type GpuState = "ready" | "noApi" | "insecureContext" | "noAdapter" | "rejected" | "timeout";

export type GpuProbe =
  | { state: "ready"; device: GPUDevice; info: GPUAdapterInfo }
  | { state: Exclude<GpuState, "ready"> };

const timeoutMs = 8000;
/** Firefox may return null for the first adapter request of a page, so the probe retries once. */
const retryAfterMs = 150;

/** Optional features. The device requests those that the adapter supports. */
const wantedFeatures: readonly GPUFeatureName[] = ["subgroups", "timestamp-query"];

function delay(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

async function requestDevice(gpu: GPU): Promise<GpuProbe> {
  const options: GPURequestAdapterOptions = { powerPreference: "high-performance" };
  let adapter = await gpu.requestAdapter(options);
  if (!adapter) {
    await delay(retryAfterMs);
    adapter = await gpu.requestAdapter(options);
  }
  if (!adapter) return { state: "noAdapter" };
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature));
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  return { state: "ready", device, info: adapter.info };
}

/** Requests a GPU device. Never rejects: a failure is reported as a state of the result. */
export async function probeGpu(gpu: GPU | undefined): Promise<GpuProbe> {
  if (!gpu) {
    // Node has no `isSecureContext`, and no insecure pages either.
    const insecure = "isSecureContext" in globalThis && !globalThis.isSecureContext;
    return { state: insecure ? "insecureContext" : "noApi" };
  }
  try {
    return (await Promise.race([requestDevice(gpu), delay(timeoutMs)])) ?? { state: "timeout" };
  } catch {
    return { state: "rejected" };
  }
}
