import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { countField, initializerField, nameField } from "../define/fields";
import type { Initializer } from "../define/initializer";
import { checkCount } from "../define/inputs";
import { layerShape } from "../define/layerShape";
import { randomUniform } from "../initializers/randomUniform";

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** Initializer of the vectors. Default randomUniform, from -0.05 to 0.05. */
  embeddingsInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Block that `embedding` creates. */
export class Embedding extends Block {
  static readonly info: KindInfo = {
    kind: "embedding",
    title: { en: "Embedding", zh: "嵌入" },
    description: {
      en: "Looks up a trained vector for each integer, such as a word index.",
      zh: "为每个整数（例如词的编号）查出一个可训练的向量。",
    },
    formula: "y = E_x",
    source: "Keras Embedding",
    shapeRule: "embedding",
    fields: [
      countField("inputDim", { en: "Vocabulary size", zh: "编号个数" }, 1000),
      countField("outputDim", { en: "Vector size", zh: "向量长度" }, 64),
      initializerField("embeddingsInitializer", { en: "Initializer", zh: "初始化" }, "randomUniform"),
      nameField,
    ],
  };

  constructor(
    readonly inputDim: number,
    readonly outputDim: number,
    readonly options: EmbeddingOptions = {},
  ) {
    super(nameFrom(options, new.target));
    checkCount("embedding()", "vectors", inputDim);
    checkCount("embedding()", "numbers in each vector", outputDim);
  }

  override build(inputShape: PartialShape): void {
    this.outputShape(inputShape);
    const { embeddingsInitializer = randomUniform() } = this.options;
    const shape = [this.inputDim, this.outputDim];
    this.embeddings = this.addWeight("embeddings", shape, { initializer: embeddingsInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    return this.embeddings.gather(x.cast("int32"));
  }
}

/**
 * Embedding: looks up a trained vector for each index, such as the number of a word.
 *
 * Computes $y = E_x$, row $x$ of the matrix $E$: `[...]` -> `[..., outputDim]`. Indices are cast to int32. They run
 * from 0 to `inputDim - 1`, negative ones count from the end, and one out of range yields a vector of NaN.
 *
 * Parameter `embeddings` `[inputDim, outputDim]`.
 * @param inputDim number of vectors, a whole number >= 1
 * @param outputDim length of each vector, a whole number >= 1
 * @param options `embeddingsInitializer` defaults to randomUniform from -0.05 to 0.05
 * @throws ArgumentError for a size that is not a whole number >= 1 and for an unknown option
 * @see Keras `Embedding`; PyTorch `Embedding`, which draws from a normal distribution
 * @example
 * const layer = embedding(3, 2, { embeddingsInitializer: initializers.ones() });
 * layer.call(tensor([[0, 2]], { dtype: "int32" })); // => [[[1, 1], [1, 1]]]
 * layer.embeddings.shape; // => [3, 2]
 */
export function embedding(inputDim: number, outputDim: number, options?: EmbeddingOptions): Embedding {
  return new Embedding(inputDim, outputDim, options);
}

embedding.info = Embedding.info;
