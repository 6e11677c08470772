/** Nets in jax-js: functions of arrays that consume their arguments, with a `ref` for each further use. */
import type { NdArray } from "@jax-js/jax";
import { type Activation, type Layer, type LayerOf, type Net, normEpsilon } from "../workloads/net";

export type Library = typeof import("@jax-js/jax");

const activations: Record<Activation, (jax: Library, x: NdArray) => NdArray> = {
  linear: (_, x) => x,
  tanh: (jax, x) => jax.numpy.tanh(x),
  relu: (jax, x) => jax.nn.relu(x),
  gelu: (jax, x) => jax.nn.gelu(x, { approximate: false }),
};

function affine(jax: Library, x: NdArray, weights: NdArray[]): NdArray {
  const [kernel, bias] = weights.splice(0, 2);
  return jax.numpy.matmul(x, kernel!).add(bias!);
}

/** Unrolled, because jax-js has no scan. The products of all inputs are computed as one. */
function gru(jax: Library, x: NdArray, weights: NdArray[], units: number): NdArray {
  const { matmul, split, tanh, unstack, zeros } = jax.numpy;
  const [kernel, recurrentKernel, bias] = weights.splice(0, 3);
  const [inputBias, stateBias] = unstack(bias!);
  let h = zeros([x.shape[0]!, units], { device: x.device });
  for (const input of unstack(matmul(x, kernel!).add(inputBias!), 1)) {
    const state = matmul(h.ref, recurrentKernel!.ref).add(stateBias!.ref);
    const [inputGates, inputCandidate] = split(input, [2 * units], 1);
    const [stateGates, stateCandidate] = split(state, [2 * units], 1);
    const [z, r] = split(jax.nn.sigmoid(inputGates!.add(stateGates!)), 2, 1);
    const candidate = tanh(inputCandidate!.add(r!.mul(stateCandidate!)));
    h = candidate.ref.add(z!.mul(h.sub(candidate)));
  }
  recurrentKernel!.dispose();
  stateBias!.dispose();
  return h;
}

type Attention = LayerOf<"causalAttention">;

function causalAttention(jax: Library, x: NdArray, weights: NdArray[], { heads, size }: Attention): NdArray {
  const [batch, steps] = x.shape as [number, number];
  const project = (given: NdArray) => affine(jax, given, weights).reshape([batch, steps, heads, size]);
  const [query, key, value] = [project(x.ref), project(x.ref), project(x)];
  const attended = jax.nn.dotProductAttention(query, key, value, { isCausal: true });
  return affine(jax, attended.reshape([batch, steps, heads * size]), weights);
}

/**
 * Computes layers. Each removes its weights from the front of the list. Images are (batch, channels, height, width) here.
 */
const apply: { [K in Layer["kind"]]: (jax: Library, x: NdArray, weights: NdArray[], layer: LayerOf<K>) => NdArray } = {
  dense: (jax, x, weights, { activation }) => activations[activation](jax, affine(jax, x, weights)),
  conv2d(jax, x, weights, { padding, activation }) {
    const [kernel, bias] = weights.splice(0, 2);
    const y = jax.lax.conv(x, kernel!, [1, 1], padding === "same" ? "SAME" : "VALID");
    return activations[activation](jax, y.add(bias!.reshape([-1, 1, 1])));
  },
  maxPool2d: (jax, x, _, { poolSize }) =>
    jax.lax.reduceWindow(x, jax.numpy.max, [poolSize, poolSize], [poolSize, poolSize]),
  // In the order of the other systems, (height, width, channels), so that the following weights match.
  flatten: (_, x) => x.transpose([0, 2, 3, 1]).reshape([x.shape[0]!, -1]),
  gru: (jax, x, weights, { units }) => gru(jax, x, weights, units),
  embedding: (jax, x, weights, { count }) => jax.numpy.matmul(jax.nn.oneHot(x, count), weights.shift()!),
  positions: (_, x, weights) => x.add(weights.shift()!),
  layerNorm(jax, x, weights) {
    const [gamma, beta] = weights.splice(0, 2);
    return jax.nn.standardize(x, -1, { epsilon: normEpsilon }).mul(gamma!).add(beta!);
  },
  causalAttention,
  residual: (jax, x, weights, { layers }) => x.ref.add(runAll(jax, layers, weights, x)),
};

function runAll(jax: Library, layers: readonly Layer[], weights: NdArray[], x: NdArray): NdArray {
  return layers.reduce(
    (value, layer) =>
      (apply[layer.kind] as (jax: Library, x: NdArray, weights: NdArray[], layer: Layer) => NdArray)(
        jax,
        value,
        weights,
        layer,
      ),
    x,
  );
}

/** Computes a net. Consumes the variables. */
export function run(jax: Library, { layers }: Net, variables: readonly NdArray[], x: NdArray): NdArray {
  return runAll(jax, layers, [...variables], x);
}
