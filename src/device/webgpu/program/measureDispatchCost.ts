/**
 * Measures when several jobs run faster as one dispatch than as several. A joined dispatch branches to the job of each
 * workgroup, which costs every workgroup a little per job. A separate dispatch has a fixed cost.
 */
import { captureErrors } from "../errorScopes";
import { timeRuns } from "../../timeRuns";
import { assumptions } from "./assumptions";

const jobs = 16;
/** Per job: enough for the cost of branches to be measurable. */
const workgroups = 32;
const workgroupSize = 64;
const turns = 4;
const jobWords = workgroups * workgroupSize * turns;
/** Dynamic-offset alignment that every device supports. */
const uniformBytes = 256;

const bindings = `@group(0) @binding(0) var<uniform> place: vec4u;
@group(0) @binding(1) var<storage, read_write> memory: array<f32, ${jobs * jobWords}>;
`;

/** Emits a job like those of programs: a loop over a few elements per invocation. */
function writeJob(name: string, start: string, factor: number): string {
  return `fn ${name}(group: u32, lane: u32) {
  let end = min(group * ${workgroupSize * turns}u + ${workgroupSize * turns}u, ${jobWords}u);
  for (var i = group * ${workgroupSize * turns}u + lane; i < end; i += ${workgroupSize}u) {
    let x = memory[${start} + i];
    memory[${start} + i] = select(x * 0.5 + ${factor}.5, 0.0, x > 100.0);
  }
}
`;
}

function writeMain(body: string): string {
  return `@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  ${body}
}
`;
}

function writeApart(): string {
  return bindings + writeJob("job", "place.x", 1) + writeMain(`job(id.x % ${workgroups}u, lane);`);
}

function writeJoined(): string {
  const numbers = Array.from({ length: jobs }, (_, job) => job);
  const functions = numbers.map((job) => writeJob(`job${job}`, `${job * jobWords}u`, job));
  const branches = numbers.map(
    (job) => `if (id.x < ${(job + 1) * workgroups}u) { job${job}(id.x - ${job * workgroups}u, lane); }`,
  );
  return bindings + functions.join("") + writeMain(branches.join(" else "));
}

interface Probe {
  readonly gpu: GPUDevice;
  readonly layout: GPUPipelineLayout;
  readonly group: GPUBindGroup;
}

function compile({ gpu, layout }: Probe, code: string): Promise<GPUComputePipeline> {
  return captureErrors(gpu, () =>
    gpu.createComputePipelineAsync({
      layout,
      compute: { module: gpu.createShaderModule({ code }), entryPoint: "main" },
    }),
  );
}

/** Returns the milliseconds of `dispatches` dispatches of `count` workgroups each. */
async function time({ gpu, group }: Probe, pipeline: GPUComputePipeline, dispatches: number, count: number) {
  const run = async (runs: number) => {
    const start = performance.now();
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    for (let dispatch = 0; dispatch < runs * dispatches; dispatch++) {
      pass.setBindGroup(0, group, [(dispatch % jobs) * uniformBytes]);
      pass.dispatchWorkgroups(count);
    }
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    await gpu.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  return (await timeRuns(run)).milliseconds;
}

/** Number of measurements. The shortest counts, because other work can only lengthen a measurement. */
const rounds = 3;
/** Joining too many jobs costs more than joining too few, so a group must save twice what it costs. */
const caution = 2;

/** Measures the workgroups times characters that cost as much as one dispatch. */
async function measure(probe: Probe): Promise<number> {
  const [apart, joined] = await Promise.all([compile(probe, writeApart()), compile(probe, writeJoined())]);
  const all = jobs * workgroups;
  const least = { many: Infinity, one: Infinity, withBranches: Infinity, without: Infinity };
  for (let round = 0; round < rounds; round++) {
    least.many = Math.min(least.many, await time(probe, apart, jobs, 1));
    least.one = Math.min(least.one, await time(probe, apart, 1, 1));
    least.withBranches = Math.min(least.withBranches, await time(probe, joined, 1, all));
    least.without = Math.min(least.without, await time(probe, apart, 1, all));
  }
  const ofDispatch = Math.max(0, least.many - least.one) / (jobs - 1);
  const ofBranch = Math.max(0, least.withBranches - least.without) / (all * (jobs - 1));
  return ofBranch > 0 ? (ofDispatch / ofBranch / caution) * writeJob("job0", "0u", 0).length : Infinity;
}

async function measureOn(gpu: GPUDevice): Promise<number> {
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const places = gpu.createBuffer({ size: jobs * uniformBytes, usage });
  const memory = gpu.createBuffer({ size: jobs * jobWords * 4, usage: GPUBufferUsage.STORAGE });
  try {
    const words = new Uint32Array((jobs * uniformBytes) / 4);
    for (let job = 0; job < jobs; job++) words[(job * uniformBytes) / 4] = job * jobWords;
    gpu.queue.writeBuffer(places, 0, words);
    const visibility = GPUShaderStage.COMPUTE;
    const groupLayout = gpu.createBindGroupLayout({
      entries: [
        { binding: 0, visibility, buffer: { type: "uniform", hasDynamicOffset: true } },
        { binding: 1, visibility, buffer: { type: "storage" } },
      ],
    });
    const resources = [{ buffer: places, size: 16 }, { buffer: memory }];
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    const group = gpu.createBindGroup({ layout: groupLayout, entries });
    return await measure({ gpu, layout: gpu.createPipelineLayout({ bindGroupLayouts: [groupLayout] }), group });
  } finally {
    places.destroy();
    memory.destroy();
  }
}

/** The cost on each device, or its measurement while that runs. */
const costs = new WeakMap<GPUDevice, number | Promise<number>>();

async function measureAndStore(gpu: GPUDevice): Promise<number> {
  const cost = await measureOn(gpu).catch(() => 0);
  costs.set(gpu, cost);
  return cost;
}

/**
 * Returns the workgroups times characters of joined jobs that cost as much as one dispatch. Measured once per device: a
 * promise until then; 0 if the measurement fails.
 */
export function measureDispatchCost(gpu: GPUDevice): number | Promise<number> {
  if (assumptions.dispatchCost !== undefined) return assumptions.dispatchCost;
  const known = costs.get(gpu);
  if (known !== undefined) return known;
  const measuring = measureAndStore(gpu);
  costs.set(gpu, measuring);
  return measuring;
}
