/**
 * One object per neuron and per connection, one example at a time: the technique of the classic playground of 2016.
 * Written from that description; Adam is added, so that every system takes the same step.
 */
import {
  type Activation,
  adam,
  type ForwardTask,
  type Layer,
  type LayerOf,
  type Net,
  type TrainTask,
  type Weight,
} from "../workloads/net";
import type { Prepared, Preparing, System } from "./system";

/** A trained number with its moments for Adam. */
class Trained {
  gradient = 0;
  first = 0;
  second = 0;

  constructor(public value: number) {}

  move(rate: number, examples: number): void {
    const gradient = this.gradient / examples;
    this.first += (1 - adam.beta1) * (gradient - this.first);
    this.second += (1 - adam.beta2) * (gradient * gradient - this.second);
    this.value -= (rate * this.first) / (Math.sqrt(this.second) + adam.epsilon);
    this.gradient = 0;
  }
}

class Connection extends Trained {
  constructor(
    readonly source: Neuron,
    readonly target: Neuron,
    value: number,
  ) {
    super(value);
  }
}

interface Curve {
  value(x: number): number;
  /** Derivative, from the curve's value. */
  slope(y: number): number;
}

const curves = {
  linear: { value: (x) => x, slope: () => 1 },
  tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
  relu: { value: (x) => Math.max(0, x), slope: (y) => (y > 0 ? 1 : 0) },
} satisfies Partial<Record<Activation, Curve>>;

class Neuron {
  readonly inputs: Connection[] = [];
  readonly outputs: Connection[] = [];
  output = 0;
  /** Gradient of the loss by this output. */
  outputGradient = 0;

  constructor(
    readonly bias: Trained,
    readonly curve: Curve,
  ) {}

  forward(): void {
    let total = this.bias.value;
    for (const { source, value } of this.inputs) total += source.output * value;
    this.output = this.curve.value(total);
  }

  /** Computes the gradient of its output from the next layer, and adds to the gradients of its bias and inputs. */
  backward(): void {
    if (this.outputs.length > 0) {
      this.outputGradient = 0;
      for (const { target, value } of this.outputs) this.outputGradient += target.totalGradient * value;
    }
    this.totalGradient = this.outputGradient * this.curve.slope(this.output);
    this.bias.gradient += this.totalGradient;
    for (const connection of this.inputs) connection.gradient += this.totalGradient * connection.source.output;
  }

  totalGradient = 0;
}

type Dense = LayerOf<"dense"> & { activation: keyof typeof curves };

function isDense(layer: Layer): layer is Dense {
  return layer.kind === "dense" && layer.activation in curves;
}

function buildLayer(before: readonly Neuron[], layer: Dense, kernel: Weight, bias: Weight): Neuron[] {
  return Array.from({ length: layer.units }, (_, unit) => {
    const neuron = new Neuron(new Trained(bias.values[unit]!), curves[layer.activation]);
    before.forEach((source, row) => {
      const connection = new Connection(source, neuron, kernel.values[row * layer.units + unit]!);
      source.outputs.push(connection);
      neuron.inputs.push(connection);
    });
    return neuron;
  });
}

function buildNetwork({ inputShape, layers, weights }: Net & { weights: Weight[] }): Neuron[][] | string {
  if (!layers.every(isDense)) return "plain-js has only dense layers";
  const network = [Array.from({ length: inputShape[0]! }, () => new Neuron(new Trained(0), curves.linear))];
  layers.forEach((layer, index) => {
    network.push(buildLayer(network[index]!, layer, weights[2 * index]!, weights[2 * index + 1]!));
  });
  return network;
}

/** Returns the output neurons for one example. */
function forwardOne(network: readonly Neuron[][], x: ArrayLike<number>, row: number): Neuron[] {
  const [inputs, ...rest] = network;
  inputs!.forEach((neuron, index) => (neuron.output = x[row * inputs!.length + index]!));
  for (const layer of rest) for (const neuron of layer) neuron.forward();
  return network.at(-1)!;
}

/** Returns the loss of one example and stores its gradient in the outputs. */
const losses: Record<TrainTask["loss"], (outputs: Neuron[], y: ArrayLike<number>, row: number) => number> = {
  meanSquaredError(outputs, y, row) {
    let loss = 0;
    outputs.forEach((neuron, index) => {
      const error = neuron.output - y[row * outputs.length + index]!;
      neuron.outputGradient = (2 * error) / outputs.length;
      loss += (error * error) / outputs.length;
    });
    return loss;
  },
  softmaxCrossentropy(outputs, y, row) {
    const largest = Math.max(...outputs.map(({ output }) => output));
    const sum = outputs.reduce((total, { output }) => total + Math.exp(output - largest), 0);
    outputs.forEach((neuron, index) => {
      neuron.outputGradient = Math.exp(neuron.output - largest) / sum - (index === y[row] ? 1 : 0);
    });
    return Math.log(sum) + largest - outputs[y[row]!]!.output;
  },
};

function trainStep(network: readonly Neuron[][], task: TrainTask, step: number): number {
  const { size, x, y } = task.batch;
  const layers = network.slice(1);
  let loss = 0;
  for (let row = 0; row < size; row++) {
    loss += losses[task.loss](forwardOne(network, x, row), y, row);
    for (const layer of layers.toReversed()) for (const neuron of layer) neuron.backward();
  }
  const rate = (task.learningRate * Math.sqrt(1 - adam.beta2 ** step)) / (1 - adam.beta1 ** step);
  for (const neuron of layers.flat()) {
    neuron.bias.move(rate, size);
    for (const connection of neuron.inputs) connection.move(rate, size);
  }
  return loss / size;
}

function counted(once: () => ArrayLike<number>): Prepared {
  return {
    async step(count) {
      let result: ArrayLike<number> = [];
      for (let step = 0; step < count; step++) result = once();
      return result;
    },
    dispose() {},
  };
}

const noMatrices: () => Preparing = async () => "plain-js has neurons, not arrays";

export const plainJs: System = {
  id: "plain-js",
  open: async () => undefined,
  async train(task) {
    const network = buildNetwork(task);
    if (typeof network === "string") return network;
    let taken = 0;
    return {
      step: async (count) => Array.from({ length: count }, () => trainStep(network, task, ++taken)),
      dispose() {},
    };
  },
  async forward(task: ForwardTask) {
    const network = buildNetwork(task);
    if (typeof network === "string") return network;
    const { size, x } = task.batch;
    const rows = Array.from({ length: size }, (_, row) => row);
    return counted(() => rows.flatMap((row) => forwardOne(network, x, row).map(({ output }) => output)));
  },
  matmul: noMatrices,
  chain: noMatrices,
};
