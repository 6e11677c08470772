/** jax-js with the whole step in one `jit`: loss, gradients and Adam. */
import type { Device, NdArray } from "@jax-js/jax";
import { adam, type Batch, type Net, type TrainTask, type Weight } from "../workloads/net";
import { outputShape, product } from "../workloads/netShapes";
import { type Library, run } from "./jaxjsLayers";
import type { Prepared, Preparing, System } from "./system";

/**
 * Steps whose results may be pending. jax-js is lazy: a loop that never waits accumulates thousands of pending
 * programs, and one that waits after each step idles.
 */
const stepsInFlight = 8;

/** Creates an array. Images and kernels are transposed to jax-js's layout afterwards, channels first. */
function array(jax: Library, device: Device, values: Float32Array | Int32Array, shape: number[]): NdArray {
  return jax.numpy.array(values, { shape, device });
}

function inputOf(jax: Library, device: Device, { inputShape }: Net, { size, x }: Omit<Batch, "y">): NdArray {
  const input = array(jax, device, x, [size, ...inputShape]);
  return inputShape.length === 3 ? input.transpose([0, 3, 1, 2]) : input;
}

function weightsOf(jax: Library, device: Device, weights: readonly Weight[]): NdArray[] {
  return weights.map(({ values, shape }) => {
    const weight = array(jax, device, values, shape);
    return shape.length === 4 ? weight.transpose([3, 2, 0, 1]) : weight;
  });
}

/** State of a training step with Adam: weights, both moments, and the step number. */
type State = [weights: NdArray[], first: NdArray[], second: NdArray[], step: NdArray];

function update(jax: Library, learningRate: number, [weights, first, second, step]: State, grads: NdArray[]): State {
  const { beta1, beta2, epsilon } = adam;
  const { exp, sqrt } = jax.numpy;
  const next = step.add(1);
  const power = (beta: number) => exp(next.ref.mul(Math.log(beta)));
  const rate = sqrt(power(beta2).neg().add(1)).div(power(beta1).neg().add(1)).mul(learningRate);
  const m = first.map((value, index) => value.mul(beta1).add(grads[index]!.ref.mul(1 - beta1)));
  const v = second.map((value, index) => value.mul(beta2).add(grads[index]!.ref.mul(grads[index]!).mul(1 - beta2)));
  const moved = weights.map((value, index) =>
    value.sub(rate.ref.mul(m[index]!.ref).div(sqrt(v[index]!.ref).add(epsilon))),
  );
  rate.dispose();
  return [moved, m, v, next];
}

/** Returns one-hot targets, so that the loss is the same sum in all systems. */
function targetOf(jax: Library, device: Device, task: TrainTask): NdArray {
  const { size, y } = task.batch;
  const shape = [size, ...outputShape(task)];
  if (task.loss === "meanSquaredError") return array(jax, device, Float32Array.from(y), shape);
  const classes = shape.at(-1)!;
  const oneHot = new Float32Array(product(shape));
  y.forEach((label, row) => (oneHot[row * classes + label] = 1));
  return array(jax, device, oneHot, shape);
}

function lossOf(jax: Library, task: TrainTask): (weights: NdArray[], x: NdArray, target: NdArray) => NdArray {
  if (task.loss === "meanSquaredError") {
    return (weights, x, target) => {
      const error = run(jax, task, weights, x).sub(target);
      return error.ref.mul(error).mean();
    };
  }
  return (weights, x, target) =>
    jax.nn
      .logSoftmax(run(jax, task, weights, x), -1)
      .mul(target)
      .sum()
      .mul(-1 / task.batch.y.length);
}

async function train(jax: Library, device: Device, task: TrainTask): Preparing {
  const x = inputOf(jax, device, task, task.batch);
  const target = targetOf(jax, device, task);
  const gradient = jax.valueAndGrad(lossOf(jax, task));
  const step = jax.jit(
    (...[weights, first, second, t, input, aim]: [...State, input: NdArray, aim: NdArray]): [...State, NdArray] => {
      const [loss, grads] = gradient(
        weights.map((weight) => weight.ref),
        input,
        aim,
      );
      return [...update(jax, task.learningRate, [weights, first, second, t], grads), loss];
    },
    { device },
  );
  const zeros = () =>
    task.weights.map(({ values, shape }) => weightsOf(jax, device, [{ values: values.map(() => 0), shape }])[0]!);
  let state: State = [
    weightsOf(jax, device, task.weights),
    zeros(),
    zeros(),
    array(jax, device, new Float32Array(1), []),
  ];
  return {
    async step(count) {
      const losses: NdArray[] = [];
      for (let taken = 1; taken <= count; taken++) {
        const [weights, first, second, t, loss] = step(...state, x.ref, target.ref);
        state = [weights, first, second, t];
        losses.push(loss);
        if (taken % stepsInFlight === 0) await jax.blockUntilReady(loss);
      }
      // Waits for the weights too, because jax-js computes only what is awaited.
      await jax.blockUntilReady(state);
      const values = await Promise.all(losses.map((loss) => loss.data()));
      return values.map((value) => value[0]!);
    },
    dispose() {
      for (const owner of [...state.flat(), x, target, step]) owner.dispose();
    },
  };
}

/** Computes and reads a result repeatedly. Reading consumes it. */
function repeated(compute: () => NdArray, held: readonly { dispose(): void }[]): Prepared {
  return {
    async step(count) {
      let result: ArrayLike<number> = [];
      for (let step = 0; step < count; step++) result = await compute().data();
      return result;
    },
    dispose: () => held.forEach((owner) => owner.dispose()),
  };
}

export function jaxjs(id: string, device: Device): System {
  let jax: Library;
  return {
    id,
    async open() {
      jax = await import("@jax-js/jax");
      const opened = await jax.init(device);
      return opened.includes(device) ? undefined : `jax-js has no ${device} here`;
    },
    train: (task) => train(jax, device, task),
    async forward(task) {
      const input = inputOf(jax, device, task, task.batch);
      const weights = weightsOf(jax, device, task.weights);
      const compute = jax.jit((values: NdArray[], given: NdArray) => run(jax, task, values, given), { device });
      return repeated(
        () =>
          compute(
            weights.map((weight) => weight.ref),
            input.ref,
          ),
        [...weights, input, compute],
      );
    },
    async matmul({ size, a, b }) {
      const left = array(jax, device, a, [size, size]);
      const right = array(jax, device, b, [size, size]);
      const compute = jax.jit(jax.numpy.matmul, { device });
      return repeated(() => compute(left.ref, right.ref), [left, right, compute]);
    },
    async chain(task) {
      const { exp, sqrt, tanh } = jax.numpy;
      const x = array(jax, device, task.x, [task.x.length]);
      const ten = (given: NdArray) => {
        const first = tanh(given.ref.mul(1.1).add(0.5)).mul(given.ref);
        return exp(sqrt(jax.nn.relu(first).add(1)).neg()).sub(given);
      };
      const compute = jax.jit(ten, { device });
      return repeated(() => compute(x.ref), [x, compute]);
    },
  };
}
