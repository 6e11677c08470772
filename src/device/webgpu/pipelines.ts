import type { DType } from "../../base/dtype";
import type { Shader } from "../backend";
import { linkShader } from "./link";

export interface Pipeline {
  readonly compute: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** The very text that runs. */
  readonly text: string;
}

/** Compiles each shader once for each set of dtypes, asynchronously. */
export class PipelineCache {
  private readonly entries = new Map<string, Pipeline | Promise<Pipeline>>();
  private readonly layouts = new Map<number, GPUBindGroupLayout>();

  constructor(private readonly gpu: GPUDevice) {}

  /** The pipeline, or a promise of it while it compiles. */
  get(shader: Shader, inputs: readonly DType[], result: DType): Pipeline | Promise<Pipeline> {
    const key = `${shader.name}(${inputs.join()})${result}`;
    let entry = this.entries.get(key);
    if (!entry) {
      const compiling = this.compile(key, linkShader(shader.link, inputs, result), inputs.length);
      entry = compiling.then((pipeline) => {
        this.entries.set(key, pipeline);
        return pipeline;
      });
      // The caller awaits the same promise; this only keeps a failure from being reported twice.
      entry.catch(() => this.entries.delete(key));
      this.entries.set(key, entry);
    }
    return entry;
  }

  private async compile(label: string, text: string, inputCount: number): Promise<Pipeline> {
    const layout = this.layoutFor(inputCount);
    const module = this.gpu.createShaderModule({ label, code: text });
    const compute = await this.gpu.createComputePipelineAsync({
      label,
      layout: this.gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    return { compute, layout, text };
  }

  /** Explicit, because an automatic layout drops bindings that a variant does not read. */
  private layoutFor(inputCount: number): GPUBindGroupLayout {
    let layout = this.layouts.get(inputCount);
    if (!layout) {
      const entry = (binding: number, buffer: GPUBufferBindingLayout): GPUBindGroupLayoutEntry => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer,
      });
      layout = this.gpu.createBindGroupLayout({
        entries: [
          entry(0, { type: "uniform", hasDynamicOffset: true }),
          ...Array.from({ length: inputCount }, (_, index) => entry(index + 1, { type: "read-only-storage" })),
          entry(inputCount + 1, { type: "storage" }),
        ],
      });
      this.layouts.set(inputCount, layout);
    }
    return layout;
  }
}
