/** Derives shapes, initial weights and the number of operations from a net's description. */
import type { Layer, LayerOf, Net, Weight } from "./net";
import { uniform } from "./numbers";

/** A weight with initial values around `mean`, 0 by default. */
interface PlacedWeight {
  shape: number[];
  mean?: number;
}

interface Placed {
  /** Shape of the output, without the batch. */
  shape: number[];
  weights: PlacedWeight[];
  /** Operations of one example, forward: multiplications and additions of products, and comparisons of windows. */
  flops: number;
}

function shapes(...list: number[][]): PlacedWeight[] {
  return list.map((shape) => ({ shape }));
}

/** Returns the output shape, weights and operations of a layer for an input shape. */
const place: { [K in Layer["kind"]]: (shape: number[], layer: LayerOf<K>) => Placed } = {
  dense: (shape, { units }) => {
    const size = shape.at(-1)!;
    return {
      shape: [...shape.slice(0, -1), units],
      weights: shapes([size, units], [units]),
      flops: 2 * product(shape) * units,
    };
  },
  conv2d: ([height = 0, width = 0, channels = 0], { filters, kernelSize, padding }) => {
    const lost = padding === "same" ? 0 : kernelSize - 1;
    const shape = [height - lost, width - lost, filters];
    const kernel = [kernelSize, kernelSize, channels, filters];
    return {
      shape,
      weights: shapes(kernel, [filters]),
      flops: 2 * product(shape) * kernelSize * kernelSize * channels,
    };
  },
  maxPool2d: ([height = 0, width = 0, channels = 0], { poolSize }) => ({
    shape: [Math.floor(height / poolSize), Math.floor(width / poolSize), channels],
    weights: [],
    flops: height * width * channels,
  }),
  flatten: (shape) => ({ shape: [product(shape)], weights: [], flops: 0 }),
  gru: ([steps = 0, features = 0], { units }) => ({
    shape: [units],
    weights: shapes([features, 3 * units], [units, 3 * units], [2, 3 * units]),
    flops: 2 * steps * (features + units) * 3 * units,
  }),
  embedding: ([steps = 0], { count, width }) => ({ shape: [steps, width], weights: shapes([count, width]), flops: 0 }),
  positions: (shape) => ({ shape, weights: shapes(shape), flops: 0 }),
  layerNorm: (shape) => ({
    shape,
    weights: [{ shape: [shape.at(-1)!], mean: 1 }, { shape: [shape.at(-1)!] }],
    flops: 0,
  }),
  // All scores are counted, including those of later steps, because no system skips them.
  causalAttention: ([steps = 0, width = 0], { heads, size }) => {
    const inner = heads * size;
    const projections = Array.from({ length: 3 }, () => shapes([width, inner], [inner])).flat();
    return {
      shape: [steps, width],
      weights: [...projections, ...shapes([inner, width], [width])],
      flops: 2 * steps * (4 * width * inner + 2 * steps * inner),
    };
  },
  residual: (shape, { layers }) => {
    const inner = placeAll({ inputShape: shape, layers });
    return { shape, weights: inner.flatMap(({ weights }) => weights), flops: sumOfFlops(inner) };
  },
};

export function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

function sumOfFlops(layers: readonly Placed[]): number {
  return layers.reduce((sum, { flops }) => sum + flops, 0);
}

/** Places each layer after the previous one. */
function placeAll({ inputShape, layers }: Net): Placed[] {
  let shape = inputShape;
  return layers.map((layer) => {
    const placed = (place[layer.kind] as (shape: number[], layer: Layer) => Placed)(shape, layer);
    ({ shape } = placed);
    return placed;
  });
}

/** Returns the output shape of one example. */
export function outputShape(net: Net): number[] {
  return placeAll(net).at(-1)?.shape ?? net.inputShape;
}

/** Returns the operations of one example, forward. */
export function forwardFlops(net: Net): number {
  return sumOfFlops(placeAll(net));
}

/** Returns the operations of a training step: one forward, and twice as many backward. */
export function trainFlops(net: Net, batch: number): number {
  return 3 * batch * forwardFlops(net);
}

/** Returns Glorot uniform kernels and biases other than zero, so that a missing bias is noticed. */
export function startingWeights(net: Net): Weight[] {
  return placeAll(net)
    .flatMap(({ weights }) => weights)
    .map(({ shape, mean = 0 }, index) => {
      const receptive = product(shape.slice(0, -2));
      const [fanIn = 0, fanOut = 0] = shape.slice(-2);
      const limit = shape.length === 1 ? 0.1 : Math.sqrt(6 / (receptive * (fanIn + fanOut)));
      return { shape, values: uniform(product(shape), index + 1, mean - limit, mean + limit) };
    });
}
