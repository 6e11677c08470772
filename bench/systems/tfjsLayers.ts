/** Nets in TensorFlow.js, by core ops, with bias fused into products as in its own layers. */
import { type Activation, type Layer, type LayerOf, type Net, normEpsilon } from "../workloads/net";
import type { Tensor } from "@tensorflow/tfjs-core";

export type Library = typeof import("@tensorflow/tfjs-core");

const activations: Record<Activation, (tf: Library, x: Tensor) => Tensor> = {
  linear: (_, x) => x,
  tanh: (tf, x) => tf.tanh(x),
  relu: (tf, x) => tf.relu(x),
  gelu: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
};

/** Acts on the last axis. */
function affine(tf: Library, x: Tensor, weights: Tensor[]): Tensor {
  const [kernel, bias] = weights.splice(0, 2) as [Tensor, Tensor];
  const { shape } = x;
  if (shape.length === 2) return tf.fused.matMul({ a: x, b: kernel, bias });
  const rows = tf.reshape(x, [-1, shape.at(-1)!]);
  return tf.reshape(tf.fused.matMul({ a: rows, b: kernel, bias }), [...shape.slice(0, -1), kernel.shape[1]!]);
}

/**
 * The products of all inputs are computed as one. Biases are added separately, because the wasm backend's fused product
 * does not accept a row of a matrix as a bias.
 */
function gru(tf: Library, x: Tensor, weights: Tensor[], units: number): Tensor {
  const [kernel, recurrentKernel, bias] = weights.splice(0, 3) as [Tensor, Tensor, Tensor];
  const [batch, steps, features] = x.shape as [number, number, number];
  const [inputBias, stateBias] = tf.unstack(bias) as [Tensor, Tensor];
  const products = tf.matMul(tf.reshape(x, [batch * steps, features]), kernel);
  const inputs = tf.reshape(tf.add(products, inputBias), [batch, steps, 3 * units]);
  const parts = [2 * units, units];
  let h = tf.zeros([batch, units]);
  for (const input of tf.unstack(inputs, 1)) {
    const state = tf.add(tf.matMul(h, recurrentKernel), stateBias);
    const [inputGates, inputCandidate] = tf.split(input, parts, 1) as [Tensor, Tensor];
    const [stateGates, stateCandidate] = tf.split(state, parts, 1) as [Tensor, Tensor];
    const [z, r] = tf.split(tf.sigmoid(tf.add(inputGates, stateGates)), 2, 1) as [Tensor, Tensor];
    const candidate = tf.tanh(tf.add(inputCandidate, tf.mul(r, stateCandidate)));
    h = tf.add(candidate, tf.mul(z, tf.sub(h, candidate)));
  }
  return h;
}

/** Returns 0 where a step may attend, and a large negative number where it may not. */
function causalMask(tf: Library, steps: number): Tensor {
  const values = new Float32Array(steps * steps);
  for (let from = 0; from < steps; from++) values.fill(-1e9, from * steps + from + 1, (from + 1) * steps);
  return tf.tensor(values, [steps, steps]);
}

type Attention = LayerOf<"causalAttention">;

function causalAttention(tf: Library, x: Tensor, weights: Tensor[], { heads, size }: Attention): Tensor {
  const [batch, steps] = x.shape as [number, number];
  const project = () => tf.transpose(tf.reshape(affine(tf, x, weights), [batch, steps, heads, size]), [0, 2, 1, 3]);
  const [query, key, value] = [project(), project(), project()];
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(size));
  const attended = tf.matMul(tf.softmax(tf.add(scores, causalMask(tf, steps))), value);
  return affine(tf, tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch, steps, heads * size]), weights);
}

/** Computes layers. Each removes its weights from the front of the list. */
const apply: { [K in Layer["kind"]]: (tf: Library, x: Tensor, weights: Tensor[], layer: LayerOf<K>) => Tensor } = {
  dense: (tf, x, weights, { activation }) => activations[activation](tf, affine(tf, x, weights)),
  conv2d(tf, x, weights, { padding, activation }) {
    const [filter, bias] = weights.splice(0, 2) as [Tensor, Tensor];
    return activations[activation](tf, tf.fused.conv2d({ x, filter, strides: 1, pad: padding, bias }));
  },
  maxPool2d: (tf, x, _, { poolSize }) => tf.maxPool(x, poolSize, poolSize, "valid"),
  flatten: (tf, x) => tf.reshape(x, [x.shape[0]!, -1]),
  gru: (tf, x, weights, { units }) => gru(tf, x, weights, units),
  // As a product, because the wasm backend does not implement the gradient of a gather.
  embedding(tf, x, weights, { count, width }) {
    const rows = tf.oneHot(tf.reshape(x, [-1]), count);
    return tf.reshape(tf.matMul(tf.cast(rows, "float32"), weights.shift()!), [...x.shape, width]);
  },
  positions: (tf, x, weights) => tf.add(x, weights.shift()!),
  layerNorm(tf, x, weights) {
    const [gamma, beta] = weights.splice(0, 2) as [Tensor, Tensor];
    const { mean, variance } = tf.moments(x, -1, true);
    const factor = tf.mul(tf.rsqrt(tf.add(variance, normEpsilon)), gamma);
    return tf.add(tf.mul(tf.sub(x, mean), factor), beta);
  },
  causalAttention,
  residual: (tf, x, weights, { layers }) => tf.add(x, runAll(tf, layers, weights, x)),
};

function runAll(tf: Library, layers: readonly Layer[], weights: Tensor[], x: Tensor): Tensor {
  return layers.reduce(
    (value, layer) =>
      (apply[layer.kind] as (tf: Library, x: Tensor, weights: Tensor[], layer: Layer) => Tensor)(
        tf,
        value,
        weights,
        layer,
      ),
    x,
  );
}

export function run(tf: Library, { layers }: Net, variables: readonly Tensor[], x: Tensor): Tensor {
  return runAll(tf, layers, [...variables], x);
}
