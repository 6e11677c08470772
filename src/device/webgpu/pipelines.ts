import type { DType } from "../../base/dtype";
import type { Shader } from "../backend";
import { captureErrors } from "./errorScopes";
import { linkShader } from "./linkShader";

export interface Pipeline {
  readonly compute: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** The exact WGSL that runs. */
  readonly text: string;
}

/**
 * Maximum number of cached pipelines. A driver's code for one takes some 100 kB, and each new model compiles dozens, so
 * without a limit a page that trains one model after another would grow without bound.
 */
const mostPipelines = 1024;

/**
 * Compiles each shader asynchronously, once per combination of dtypes. The least recently used pipelines are evicted.
 */
export class PipelineCache {
  private readonly entries = new Map<string, Pipeline | Promise<Pipeline>>();
  private readonly layouts = new Map<string, GPUBindGroupLayout>();

  constructor(
    private readonly gpu: GPUDevice,
    private readonly most = mostPipelines,
  ) {}

  /** Returns the pipeline, or a promise while it compiles. */
  get(shader: Shader, inputs: readonly DType[], result: DType): Pipeline | Promise<Pipeline> {
    const key = `${shader.name}(${inputs.join()})${result}`;
    const layout = [...inputs.map(() => "read-only-storage" as const), "storage" as const];
    return this.cached(key, () => this.compile(key, linkShader(shader.link, inputs, result), layout));
  }

  /** Like `get`, but all storage bindings are writable, so that inputs and result may be parts of one buffer. */
  async ofWritable(shader: Shader, inputs: readonly DType[], result: DType): Promise<Pipeline> {
    const key = `${shader.name}(${inputs.join()})${result} in a program`;
    const layout = [...inputs, result].map(() => "storage" as const);
    const text = () =>
      linkShader(shader.link, inputs, result).replaceAll("var<storage, read>", "var<storage, read_write>");
    return this.cached(key, () => this.compile(key, text(), layout));
  }

  /** Compiles jobs of a program whose variables are in `stateBuffers` buffers. */
  async ofJobs(text: string, variableBuffers: number): Promise<Pipeline> {
    const variables = Array.from({ length: variableBuffers }, () => "storage" as const);
    return this.cached(text, () =>
      this.compile("jobs of a program", text, ["uniform", "read-only-storage", "storage", ...variables]),
    );
  }

  private cached(key: string, compile: () => Promise<Pipeline>): Pipeline | Promise<Pipeline> {
    const entry = this.entries.get(key) ?? this.compiling(key, compile);
    // Moves the entry to the end of the map's order, as the most recently used.
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value!);
    return entry;
  }

  private compiling(key: string, compile: () => Promise<Pipeline>): Promise<Pipeline> {
    const compiled = compile().then((pipeline) => {
      if (this.entries.get(key) === compiled) this.entries.set(key, pipeline);
      return pipeline;
    });
    // The caller awaits the same promise. Without this handler a failure would also be an unhandled rejection.
    compiled.catch(() => this.entries.delete(key));
    return compiled;
  }

  private async compile(label: string, text: string, storage: readonly GPUBufferBindingType[]): Promise<Pipeline> {
    const layout = this.layoutFor(storage);
    const compute = await captureErrors(this.gpu, () =>
      this.gpu.createComputePipelineAsync({
        label,
        layout: this.gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: this.gpu.createShaderModule({ label, code: text }), entryPoint: "main" },
      }),
    );
    return { compute, layout, text };
  }

  /** Explicit, because an automatic layout omits bindings that a variant does not read. */
  private layoutFor(storage: readonly GPUBufferBindingType[]): GPUBindGroupLayout {
    const key = storage.join();
    let layout = this.layouts.get(key);
    if (!layout) {
      const entry = (binding: number, buffer: GPUBufferBindingLayout): GPUBindGroupLayoutEntry => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer,
      });
      layout = this.gpu.createBindGroupLayout({
        entries: [
          entry(0, { type: "uniform", hasDynamicOffset: true }),
          ...storage.map((type, index) => entry(index + 1, { type, hasDynamicOffset: type === "uniform" })),
        ],
      });
      this.layouts.set(key, layout);
    }
    return layout;
  }
}
