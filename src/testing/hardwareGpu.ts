/** This realm's adapter, presented as hardware, so that products and joined jobs are timed before the first step. */
export const hardwareGpu = {
  async requestAdapter(options?: GPURequestAdapterOptions) {
    const adapter = await navigator.gpu.requestAdapter(options);
    if (!adapter) return null;
    const { features, limits } = adapter;
    const info = { vendor: "test", architecture: "test", description: "", isFallbackAdapter: false };
    return { features, limits, info, requestDevice: (what: GPUDeviceDescriptor) => adapter.requestDevice(what) };
  },
} as unknown as GPU;
