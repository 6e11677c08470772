/** Times on an adapter whether several jobs run sooner as one dispatch that branches to each, or as a dispatch for each. */
import { withOwnErrors } from "../errorScopes";
import { timeRuns } from "../../timeRuns";

const jobs = 16;
/** Of each job: enough that the cost of branches shows beside that of a dispatch. */
const workgroups = 32;
const workgroupSize = 64;
const jobWords = workgroups * workgroupSize;
/** The alignment that every device allows for dynamic offsets. */
const uniformBytes = 256;

const bindings = `@group(0) @binding(0) var<uniform> place: vec4u;
@group(0) @binding(1) var<storage, read_write> memory: array<u32, ${jobs * jobWords}>;
`;

function main(body: string): string {
  return `@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${body}
}
`;
}

function writeApart(): string {
  return bindings + main(`memory[place.x + id.x * ${workgroupSize}u + lane] = place.x;`);
}

function writeJoined(): string {
  const numbers = Array.from({ length: jobs }, (_, job) => job);
  const functions = numbers.map(
    (job) => `fn job${job}(group: u32, lane: u32) {
  memory[${job * jobWords}u + group * ${workgroupSize}u + lane] = ${job}u;
}
`,
  );
  const branches = numbers.map(
    (job) => `if (id.x < ${(job + 1) * workgroups}u) { job${job}(id.x - ${job * workgroups}u, lane); }`,
  );
  return bindings + functions.join("") + main(branches.join(" else "));
}

async function measure(gpu: GPUDevice): Promise<boolean> {
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const places = gpu.createBuffer({ size: jobs * uniformBytes, usage });
  const memory = gpu.createBuffer({ size: jobs * jobWords * 4, usage: GPUBufferUsage.STORAGE });
  try {
    const words = new Uint32Array((jobs * uniformBytes) / 4);
    for (let job = 0; job < jobs; job++) words[(job * uniformBytes) / 4] = job * jobWords;
    gpu.queue.writeBuffer(places, 0, words);
    const visibility = GPUShaderStage.COMPUTE;
    const bindGroupLayout = gpu.createBindGroupLayout({
      entries: [
        { binding: 0, visibility, buffer: { type: "uniform", hasDynamicOffset: true } },
        { binding: 1, visibility, buffer: { type: "storage" } },
      ],
    });
    const layout = gpu.createPipelineLayout({ bindGroupLayouts: [bindGroupLayout] });
    const compile = (code: string) =>
      withOwnErrors(gpu, () =>
        gpu.createComputePipelineAsync({
          layout,
          compute: { module: gpu.createShaderModule({ code }), entryPoint: "main" },
        }),
      );
    const group = gpu.createBindGroup({
      layout: bindGroupLayout,
      entries: [places, memory].map((buffer, binding) => ({
        binding,
        resource: binding === 0 ? { buffer, size: 16 } : { buffer },
      })),
    });
    const time = async (pipeline: GPUComputePipeline, dispatches: number, count: number) => {
      const run = async (runs: number) => {
        const start = performance.now();
        const encoder = gpu.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        for (let dispatch = 0; dispatch < runs * dispatches; dispatch++) {
          pass.setBindGroup(0, group, [(dispatch % dispatches) * uniformBytes]);
          pass.dispatchWorkgroups(count);
        }
        pass.end();
        gpu.queue.submit([encoder.finish()]);
        await gpu.queue.onSubmittedWorkDone();
        return performance.now() - start;
      };
      return (await timeRuns(run)).milliseconds;
    };
    const [apart, joined] = await Promise.all([compile(writeApart()), compile(writeJoined())]);
    return (await time(joined, 1, jobs * workgroups)) < (await time(apart, jobs, workgroups));
  } finally {
    places.destroy();
    memory.destroy();
  }
}

const found = new WeakMap<GPUDevice, Promise<boolean>>();
let assumed: boolean | undefined;

/** In place of a measurement, whose outcome tests could not count on; undefined measures again. */
export function assumeJoins(joins: boolean | undefined): void {
  assumed = joins;
}

/** Whether joined jobs are faster on this device. Measured once; where that fails, they are not. */
export async function joinsJobs(gpu: GPUDevice): Promise<boolean> {
  if (assumed !== undefined) return assumed;
  const known = found.get(gpu) ?? measure(gpu).catch(() => false);
  found.set(gpu, known);
  return known;
}
