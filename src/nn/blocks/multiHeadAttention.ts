import { ShapeError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import { formatShape, type PartialShape } from "../../base/shape";
import { arange } from "../../tensor/creation";
import { Operand, type Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { countField, kernelFields, nameField, numberField, switchField } from "../fields";
import type { Initializer } from "../initializer";
import { glorotUniform } from "../initializers/glorotUniform";
import { zeros } from "../initializers/zeros";
import { checkCount, checkInput, widthOf } from "../inputs";
import { Dropout } from "./dropout";

export interface MultiHeadAttentionOptions {
  /** Length of each head's values. Default that of its keys. */
  valueDim?: number | null;
  /** Share of the attention that is dropped while training. Default 0. */
  dropout?: number;
  /** Default true. */
  useBias?: boolean;
  /** No step sees a later one. Default false. */
  useCausalMask?: boolean;
  /** Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Default zeros. */
  biasInitializer?: Initializer;
  name?: string;
}

/** What a call may bring beside its tensors. */
export interface AttentionCallOptions {
  /** bool [batch, steps of the query, steps of the value]: false where a step must not be seen. */
  attentionMask?: Operand;
  useCausalMask?: boolean;
  training?: boolean;
}

/** As good as no share of the attention. */
const unseen = -1e9;

/** A dense layer whose outputs are heads: [batch, steps, in] -> [batch, steps, heads * size]; kernel (in, heads, size). */
class HeadsDense extends Block {
  static readonly info: KindInfo = {
    kind: "headsDense",
    title: { en: "Head projection", zh: "多头投影" },
    description: { en: "A dense layer whose outputs are grouped into heads.", zh: "输出按头分组的全连接。" },
    fields: [],
  };
  constructor(
    private readonly heads: number,
    private readonly size: number,
    readonly options: MultiHeadAttentionOptions,
  ) {
    super();
  }

  override build(inputShape: PartialShape): void {
    const { useBias = true, kernelInitializer = glorotUniform(), biasInitializer = zeros() } = this.options;
    const shape = [this.heads, this.size];
    const initializer = kernelInitializer;
    this.kernel = this.addWeight("kernel", [widthOf(this.label, inputShape), ...shape], { initializer });
    if (useBias) this.bias = this.addWeight("bias", shape, { initializer: biasInitializer });
  }

  /** [batch, heads, steps, size] */
  forward(x: Operand): Tensor {
    const width: number = this.kernel.shape[0];
    checkInput(this.label, x.shape, ["batch", "steps", width]);
    const y = x.matmul(this.kernel.reshape([width, -1])).reshape([...x.shape.slice(0, 2), this.heads, this.size]);
    return (this.bias ? y.add(this.bias) : y).transpose([0, 2, 1, 3]);
  }
}

/** Joins the heads again: [batch, heads, steps, size] -> [batch, steps, width]; kernel (heads, size, width). */
class HeadsJoin extends Block {
  static readonly info: KindInfo = {
    kind: "headsJoin",
    title: { en: "Head merge", zh: "多头合并" },
    description: { en: "A dense layer that combines all heads.", zh: "把各头合在一起的全连接。" },
    fields: [],
  };
  /** Of the result; known once the attention has seen a query. */
  declare width: number;

  constructor(readonly options: MultiHeadAttentionOptions) {
    super();
  }

  override build([, heads, , size]: number[]): void {
    const { useBias = true, kernelInitializer = glorotUniform(), biasInitializer = zeros() } = this.options;
    this.kernel = this.addWeight("kernel", [heads!, size!, this.width], { initializer: kernelInitializer });
    if (useBias) this.bias = this.addWeight("bias", [this.width], { initializer: biasInitializer });
  }

  forward(x: Operand): Tensor {
    const [batch, heads, steps, size] = x.shape as [number, number, number, number];
    const rows = x.transpose([0, 2, 1, 3]).reshape([batch, steps, heads * size]);
    const y = rows.matmul(this.kernel.reshape([heads * size, -1]));
    return this.bias ? y.add(this.bias) : y;
  }
}

/**
 * Attention of several heads: each step of the query takes a mean of the value's steps, weighted by how its query fits
 * their keys. `call(query, value = query, key = value, { attentionMask, useCausalMask })`:
 * [batch, steps, features] -> the same. Weights: query, key and value kernels (features, heads, keyDim or valueDim)
 * with biases, attentionOutput/kernel (heads, valueDim, features) and bias. Defaults as Keras's MultiHeadAttention.
 */
export class MultiHeadAttention extends Block {
  static readonly info: KindInfo = {
    kind: "multiHeadAttention",
    title: { en: "Multi-head attention", zh: "多头注意力" },
    description: {
      en: "Lets each position of a sequence gather from the positions that matter to it.",
      zh: "让序列的每一步从与它相关的各步汇集信息。",
    },
    formula: "y = \\mathrm{softmax}(Q K^\\top / \\sqrt{d})\\, V",
    source: "Vaswani et al. 2017; Keras MultiHeadAttention",
    fields: [
      countField("numHeads", { en: "Heads", zh: "头数" }, 2),
      countField("keyDim", { en: "Key size", zh: "键的长度" }, 16),
      { ...countField("valueDim", { en: "Value size", zh: "值的长度" }, 1), positional: false, default: null },
      numberField("dropout", { en: "Dropout", zh: "丢弃率" }, 0, { min: 0, max: 0.99, step: 0.05 }),
      switchField("useCausalMask", { en: "Causal mask", zh: "因果掩码" }, false),
      ...kernelFields,
      nameField,
    ],
  };
  query: HeadsDense;
  key: HeadsDense;
  value: HeadsDense;
  attentionOutput: HeadsJoin;

  constructor(
    readonly numHeads: number,
    readonly keyDim: number,
    readonly options: MultiHeadAttentionOptions = {},
  ) {
    super(nameFrom(options, new.target));
    const at = "multiHeadAttention()";
    checkCount(at, "heads", numHeads);
    checkCount(at, "numbers in a key", keyDim);
    checkCount(at, "numbers in a value", options.valueDim ?? keyDim);
    this.query = new HeadsDense(numHeads, keyDim, options);
    this.key = new HeadsDense(numHeads, keyDim, options);
    this.value = new HeadsDense(numHeads, options.valueDim ?? keyDim, options);
    this.attentionOutput = new HeadsJoin(options);
    if (options.dropout) this.drop = new Dropout(options.dropout);
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  forward(query: Operand, ...rest: (Operand | AttentionCallOptions)[]): Tensor {
    checkInput(this.label, query.shape, ["batch", "steps", "features"]);
    const isOperand = (argument: unknown) => argument instanceof Operand;
    const [value = query, key = value] = rest.filter(isOperand);
    const options = rest.find((argument) => !isOperand(argument)) as AttentionCallOptions | undefined;
    const queries = this.query.call(query).mul(1 / Math.sqrt(this.keyDim));
    const keys = this.key.call(key);
    const values = this.value.call(value);
    const scores = this.mask(queries.matmul(keys.transpose([0, 1, 3, 2])), options);
    const shares = scores.softmax();
    this.attentionOutput.width = query.shape[2]!;
    return this.attentionOutput.call((this.drop ? this.drop.call(shares) : shares).matmul(values));
  }

  /** Scores [batch, heads, steps of the query, steps of the value] without those that must not be seen. */
  private mask(scores: Tensor, options: AttentionCallOptions = {}): Tensor {
    const { attentionMask, useCausalMask = this.options.useCausalMask } = options;
    const [, , from, to] = scores.shape as [number, number, number, number];
    const { device } = scores;
    let masked = scores;
    if (useCausalMask) {
      const seen = arange(from, { device }).reshape([from, 1]).greaterEqual(arange(to, { device }));
      masked = seen.where(masked, unseen);
    }
    if (!attentionMask) return masked;
    const [batch, ...steps] = attentionMask.shape as [number, ...number[]];
    if (steps.length !== 2)
      throw new ShapeError({
        at: this.label,
        expected: `an attentionMask [batch, ${from}, ${to}]`,
        got: formatShape(attentionMask.shape),
      });
    return attentionMask.reshape([batch, 1, ...steps]).where(masked, unseen);
  }
}

/** @see MultiHeadAttention */
export function multiHeadAttention(
  numHeads: number,
  keyDim: number,
  options?: MultiHeadAttentionOptions,
): MultiHeadAttention {
  return new MultiHeadAttention(numHeads, keyDim, options);
}

multiHeadAttention.info = MultiHeadAttention.info;
