/** Our runtime, by its public API; training also uses the op by which `fit` selects its batches. */
import type { Block, Tensor } from "../../src/index";
import type { ForwardTask, Net, TrainTask, Weight } from "../workloads/net";
import { outputShape } from "../workloads/netShapes";
import type { ChainTask, MatmulTask, Prepared, Preparing, System } from "./system";
import { type Library, modelOf } from "./weightroomBlocks";

async function build(library: Library, device: string, net: Net & { weights: Weight[] }): Promise<Block> {
  const model = modelOf(library, net);
  library.withDevice(device, () => model.build([null, ...net.inputShape]));
  const shapes = model.weights.map(({ shape }) => shape);
  const weights = net.weights.map(({ values }, index) => library.tensor(values, { device }).reshape(shapes[index]!));
  await model.setWeights(weights);
  for (const weight of weights) weight.dispose();
  return model;
}

/** Maximum number of steps per submit, and the target duration of a submit in milliseconds. */
const mostSteps = 256;
const submitMs = 100;

/**
 * Defines how a model is trained: runs steps on one batch and returns the loss of each. As in `fit`, a step is recorded
 * once, several are queued at a time, and their losses are stored on the device to be read together.
 */
async function trainer(library: Library, model: Block, task: TrainTask, x: Tensor, y: Tensor) {
  const { arange, losses, optimizers, Parameter, where, zeros } = library;
  const { rowsAt } = await import("../../src/tensor/ops/rowsAt");
  const { device } = x;
  const optimizer = optimizers.adam({ learningRate: task.learningRate });
  const places = arange(mostSteps, { device });
  const kept = new Parameter("losses", zeros([mostSteps], { device }), { state: true });
  const at = { value: 0 };
  const step = await optimizer.recorded(() => {
    const output = model.call(x) as Tensor;
    const loss =
      task.loss === "meanSquaredError"
        ? losses.meanSquaredError(y, output)
        : losses.sparseCategoricalCrossentropy(y, output, { fromLogits: true });
    kept.assign(where(places.equal(rowsAt(places, places, at, 1)), loss, kept));
    return loss;
  }, model);
  let size = 1;
  return async (count: number) => {
    const all: number[] = [];
    while (all.length < count) {
      const many = Math.min(size, count - all.length);
      const start = performance.now();
      step.run(many, (index) => (at.value = index));
      const values = await kept.data();
      all.push(...values.slice(0, many));
      size = Math.max(1, Math.min(mostSteps, Math.floor((many * submitMs) / (performance.now() - start))));
    }
    return all;
  };
}

async function train(library: Library, device: string, task: TrainTask): Preparing {
  const model = await build(library, device, task);
  const { size, x, y } = task.batch;
  const input = library.tensor(x, { device }).reshape([size, ...task.inputShape]);
  const target = library.tensor(y, { device });
  const shape = [size, ...outputShape(task)];
  const aim = target.reshape(task.loss === "meanSquaredError" ? shape : shape.slice(0, -1));
  return {
    step: await trainer(library, model, task, input, aim),
    held() {
      const { bytesInUse, buffers } = library.deviceInfo(device);
      return { bytes: bytesInUse, tensors: buffers };
    },
    dispose: () => disposeAll([input, target, aim, ...model.weights.map(({ value }) => value)]),
  };
}

/** As the peers use `jit`. */
const replayed = { replay: true };

async function forward(library: Library, device: string, task: ForwardTask): Preparing {
  const model = await build(library, device, task);
  const x = library.tensor(task.batch.x, { device }).reshape([task.batch.size, ...task.inputShape]);
  return repeated(
    library.compileFunction(() => model.call(x) as Tensor, replayed),
    [x],
  );
}

/** Computes, reads and frees a result repeatedly. */
function repeated(compute: () => Promise<Tensor>, held: readonly Tensor[]): Prepared {
  return {
    async step(count) {
      let result: ArrayLike<number> = [];
      for (let step = 0; step < count; step++) {
        const tensor = await compute();
        result = await tensor.data();
        tensor.dispose();
      }
      return result;
    },
    dispose: () => disposeAll(held),
  };
}

function disposeAll(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}

async function matmul({ tensor, compileFunction }: Library, device: string, { size, a, b }: MatmulTask): Preparing {
  const left = tensor(a, { device }).reshape([size, size]);
  const right = tensor(b, { device }).reshape([size, size]);
  return repeated(
    compileFunction(() => left.matmul(right), replayed),
    [left, right],
  );
}

async function chain({ tensor, compileFunction }: Library, device: string, task: ChainTask): Preparing {
  const x = tensor(task.x, { device });
  const ten = () => x.mul(1.1).add(0.5).tanh().mul(x).relu().add(1).sqrt().neg().exp().sub(x);
  return repeated(compileFunction(ten, replayed), [x]);
}

/** Our runtime on one device. Its module is loaded in `open`, so that `cold` includes it. */
export function weightroom(id: string, device: string): System {
  let library: Library;
  return {
    id,
    own: true,
    async open() {
      library = await import("../../src/index");
      const gpu = await library.open();
      return library.devices().includes(device) ? undefined : `no ${device}: ${gpu}`;
    },
    train: (task) => train(library, device, task),
    forward: (task) => forward(library, device, task),
    matmul: (task) => matmul(library, device, task),
    chain: (task) => chain(library, device, task),
  };
}
