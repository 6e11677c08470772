/** Nets as users of our library write them: built-in layers, and custom blocks of them. */
import type { Block, Tensor } from "../../src/index";
import { type Layer, type LayerOf, type Net, normEpsilon } from "../workloads/net";

export type Library = typeof import("../../src/index");

/** Adds a trained vector to each time step. */
function positions({ Block, initializers }: Library): Block {
  class Positions extends Block {
    override build([, steps, width]: number[]): void {
      this.table = this.addWeight("table", [steps!, width!], { initializer: initializers.zeros() });
    }

    forward(x: Tensor): Tensor {
      return x.add(this.table);
    }
  }
  return new Positions();
}

function residual(library: Library, layers: readonly Layer[]): Block {
  class Residual extends library.Block {
    inner = library.sequential(layers.map((layer) => blockOf(library, layer)));

    forward(x: Tensor): Tensor {
      return x.add(this.inner.call(x));
    }
  }
  return new Residual();
}

const blocks: { [K in Layer["kind"]]: (library: Library, layer: LayerOf<K>) => Block } = {
  dense: ({ dense }, { units, activation }) => dense(units, { activation }),
  conv2d: ({ conv2d }, { filters, kernelSize, padding, activation }) =>
    conv2d(filters, kernelSize, { padding, activation }),
  maxPool2d: ({ maxPool2d }, { poolSize }) => maxPool2d(poolSize),
  flatten: ({ flatten }) => flatten(),
  gru: ({ gru }, { units }) => gru(units),
  embedding: ({ embedding }, { count, width }) => embedding(count, width),
  positions,
  layerNorm: ({ layerNorm }) => layerNorm({ epsilon: normEpsilon }),
  causalAttention: ({ multiHeadAttention }, { heads, size }) =>
    multiHeadAttention(heads, size, { useCausalMask: true }),
  residual: (library, { layers }) => residual(library, layers),
};

function blockOf(library: Library, layer: Layer): Block {
  return (blocks[layer.kind] as (library: Library, layer: Layer) => Block)(library, layer);
}

export function modelOf(library: Library, { layers }: Net): Block {
  return library.sequential(layers.map((layer) => blockOf(library, layer)));
}
