/** Why there is or is not a GPU; each is told apart to the user. */
export type GpuState = "ready" | "noApi" | "insecureContext" | "noAdapter" | "rejected" | "timeout";

export type GpuProbe =
  | { state: "ready"; device: GPUDevice; info: GPUAdapterInfo }
  | { state: Exclude<GpuState, "ready"> };

const timeoutMs = 8000;
/** Firefox may answer null to the first request of a page. */
const retryAfterMs = 150;

/** Asked for where the adapter has them; everything works without. */
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

/** Asks for a GPU device, and gives a reason where there is none. Never throws. */
export async function probeGpu(gpu: GPU | undefined): Promise<GpuProbe> {
  if (!gpu) {
    // Node has no such property, and no insecure pages either.
    const insecure = "isSecureContext" in globalThis && !globalThis.isSecureContext;
    return { state: insecure ? "insecureContext" : "noApi" };
  }
  try {
    return (await Promise.race([requestDevice(gpu), delay(timeoutMs)])) ?? { state: "timeout" };
  } catch {
    return { state: "rejected" };
  }
}
