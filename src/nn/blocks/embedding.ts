import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { countField, initializerField, nameField } from "../fields";
import type { Initializer } from "../initializer";
import { randomUniform } from "../initializers/randomUniform";
import { checkCount } from "../inputs";

export interface EmbeddingOptions {
  /** Default randomUniform, from -0.05 to 0.05. */
  embeddingsInitializer?: Initializer;
  name?: string;
}

/**
 * A trained vector for each whole number below `inputDim`: [...] -> [..., outputDim]; embeddings (inputDim,
 * outputDim). A number out of range gives NaN. Defaults as Keras's Embedding.
 */
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

  override build(): void {
    const { embeddingsInitializer = randomUniform() } = this.options;
    const shape = [this.inputDim, this.outputDim];
    this.embeddings = this.addWeight("embeddings", shape, { initializer: embeddingsInitializer });
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return [...inputShape, this.outputDim];
  }

  forward(x: Operand): Tensor {
    return this.embeddings.gather(x.cast("int32"));
  }
}

/** @see Embedding */
export function embedding(inputDim: number, outputDim: number, options?: EmbeddingOptions): Embedding {
  return new Embedding(inputDim, outputDim, options);
}

embedding.info = Embedding.info;
