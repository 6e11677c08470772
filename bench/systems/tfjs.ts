/** TensorFlow.js as its users write a step: core ops, `optimizer.minimize`, `tidy`. */
import type { ForwardTask, TrainTask, Weight } from "../workloads/net";
import { outputShape } from "../workloads/netShapes";
import type { Prepared, Preparing, System } from "./system";
import { type Library, run } from "./tfjsLayers";
import type { Tensor } from "@tensorflow/tfjs-core";

type Backend = "webgpu" | "wasm";

/** Its wasm backend implements a convolution and the gradient of its input, but not the gradient of its filter. */
const noConvolutions = "TensorFlow.js's wasm backend has no Conv2DBackpropFilter";

const backends: Record<Backend, () => Promise<void>> = {
  async webgpu() {
    await import("@tensorflow/tfjs-backend-webgpu");
  },
  async wasm() {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const { wasmPaths } = await import("./tfjsWasmPaths");
    setWasmPaths(wasmPaths);
  },
};

function makeVariables(tf: Library, weights: readonly Weight[]): Tensor[] {
  return weights.map(({ values, shape }) => tf.tidy(() => tf.variable(tf.tensor(values, shape))));
}

async function readAll(tensors: readonly Tensor[]): Promise<number[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  for (const tensor of tensors) tensor.dispose();
  return values.map((value) => value[0]!);
}

async function train(tf: Library, task: TrainTask): Preparing {
  const { size, x, y } = task.batch;
  const weights = makeVariables(tf, task.weights);
  const input = tf.tensor(x, [size, ...task.inputShape]);
  const shape = [size, ...outputShape(task)];
  const target =
    task.loss === "meanSquaredError"
      ? tf.tensor(y, shape)
      : tf.tidy(() => tf.oneHot(tf.tensor(y, shape.slice(0, -1), "int32"), shape.at(-1)!));
  const optimizer = tf.train.adam(task.learningRate, 0.9, 0.999, 1e-7);
  const loss = () => {
    const output = run(tf, task, weights, input);
    return task.loss === "meanSquaredError"
      ? tf.losses.meanSquaredError(target, output)
      : tf.losses.softmaxCrossEntropy(target, output);
  };
  return {
    async step(count) {
      const taken = Array.from({ length: count }, () => optimizer.minimize(loss, true, weights)!);
      return readAll(taken);
    },
    held() {
      const { numBytes, numTensors } = tf.memory();
      return { bytes: numBytes, tensors: numTensors };
    },
    dispose: () => [...weights, input, target, optimizer].forEach((owner) => owner.dispose()),
  };
}

/** Computes, reads and frees a result repeatedly. */
function repeated(tf: Library, compute: () => Tensor, held: readonly Tensor[]): Prepared {
  return {
    async step(count) {
      let result: ArrayLike<number> = [];
      for (let step = 0; step < count; step++) {
        const tensor = tf.tidy(compute);
        result = await tensor.data();
        tensor.dispose();
      }
      return result;
    },
    dispose: () => held.forEach((tensor) => tensor.dispose()),
  };
}

async function forward(tf: Library, task: ForwardTask): Preparing {
  const weights = makeVariables(tf, task.weights);
  const x = tf.tensor(task.batch.x, [task.batch.size, ...task.inputShape]);
  return repeated(tf, () => run(tf, task, weights, x), [...weights, x]);
}

function chain(tf: Library, x: Tensor): Prepared {
  const ten = () => {
    const first = tf.mul(tf.tanh(tf.add(tf.mul(x, 1.1), 0.5)), x);
    return tf.sub(tf.exp(tf.neg(tf.sqrt(tf.add(tf.relu(first), 1)))), x);
  };
  return repeated(tf, ten, [x]);
}

/** Selects the backend before each turn. It is global, and two backends take turns in one page. */
function inTurn(tf: Library, backend: Backend, prepared: Prepared | string): Prepared | string {
  if (typeof prepared === "string") return prepared;
  return {
    ...prepared,
    async step(count) {
      await tf.setBackend(backend);
      return prepared.step(count);
    },
  };
}

export function tfjs(id: string, backend: Backend): System {
  let tf: Library;
  const prepare = async (make: () => Preparing) => {
    await tf.setBackend(backend);
    return inTurn(tf, backend, await make());
  };
  return {
    id,
    async open() {
      tf = await import("@tensorflow/tfjs-core");
      await import("@tensorflow/tfjs-core/dist/register_all_gradients");
      await backends[backend]();
      return (await tf.setBackend(backend)) ? undefined : `TensorFlow.js has no ${backend} here`;
    },
    async train(task) {
      const convolves = task.layers.some(({ kind }) => kind === "conv2d");
      return backend === "wasm" && convolves ? noConvolutions : prepare(() => train(tf, task));
    },
    forward: (task) => prepare(() => forward(tf, task)),
    matmul: ({ size, a, b }) =>
      prepare(async () => {
        const [left, right] = [tf.tensor(a, [size, size]), tf.tensor(b, [size, size])];
        return repeated(tf, () => tf.matMul(left, right), [left, right]);
      }),
    chain: ({ x }) => prepare(async () => chain(tf, tf.tensor(x, [x.length]))),
  };
}
