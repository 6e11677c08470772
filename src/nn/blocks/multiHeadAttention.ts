import { ShapeError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import { formatShape, type PartialShape } from "../../base/shape";
import { arange } from "../../tensor/creation";
import { Operand, type Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { countField, kernelFields, nameField, numberField, switchField } from "../define/fields";
import type { Initializer } from "../define/initializer";
import { checkCount, checkInput, widthOf } from "../define/inputs";
import { layerShape } from "../define/layerShape";
import { glorotUniform } from "../initializers/glorotUniform";
import { zeros } from "../initializers/zeros";
import { Dropout } from "./dropout";

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions {
  /** Length of each head's values, a whole number >= 1. Default null: `keyDim`. */
  valueDim?: number | null;
  /** Probability in [0, 1) that an attention weight is dropped while training. Default 0. */
  dropout?: number;
  /** Adds a bias to each of the four projections. Default true. */
  useBias?: boolean;
  /** Hides later time steps from each time step. Default false. */
  useCausalMask?: boolean;
  /** Initializer of the four kernels. Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Initializer of the four biases. Default zeros. */
  biasInitializer?: Initializer;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Options of a call of `multiHeadAttention`, after its tensors. */
export interface AttentionCallOptions {
  /**
   * Mask, bool `[batch, query steps, value steps]`; false hides a time step of the value from one of the query. No
   * default.
   */
  attentionMask?: Operand;
  /** Hides later time steps from each time step. Default: the layer's own option. */
  useCausalMask?: boolean;
  /** Switches the dropout on or off for this call. Default: the training mode around the call. */
  training?: boolean;
}

/** Score of a hidden time step: its softmax rounds to 0. */
const unseen = -1e9;

/**
 * Dense layer whose outputs are heads: `[batch, steps, in]` -> `[batch, heads, steps, size]`; kernel
 * `[in, heads, size]`.
 */
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

  /** `[batch, steps, in]` -> `[batch, heads, steps, size]` */
  forward(x: Operand): Tensor {
    const width: number = this.kernel.shape[0];
    checkInput(this.label, x.shape, ["batch", "steps", width]);
    const y = x.matmul(this.kernel.reshape([width, -1])).reshape([...x.shape.slice(0, 2), this.heads, this.size]);
    return (this.bias ? y.add(this.bias) : y).transpose([0, 2, 1, 3]);
  }
}

/**
 * Dense layer over all heads: `[batch, heads, steps, size]` -> `[batch, steps, width]`; kernel `[heads, size, width]`.
 */
class HeadsJoin extends Block {
  static readonly info: KindInfo = {
    kind: "headsJoin",
    title: { en: "Head merge", zh: "多头合并" },
    description: { en: "A dense layer that combines all heads.", zh: "把各头合在一起的全连接。" },
    fields: [],
  };
  /** Width of the result, set from the query before the first call. */
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

/** Block that `multiHeadAttention` creates. */
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
    shapeRule: "sequences",
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
    return layerShape(this, inputShape);
  }

  forward(query: Operand, ...rest: (Operand | AttentionCallOptions)[]): Tensor {
    this.outputShape(query.shape);
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

  /** Replaces hidden scores in `[batch, heads, query steps, value steps]` by a large negative number. */
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

/**
 * Multi-head attention: each time step of a query averages values, weighted by how well their keys match it.
 *
 * For each head, $Q$, $K$ and $V$ are dense projections of query, key and value, and the head computes
 * $\mathrm{softmax}(Q K^\top / \sqrt{d})\, V$ with $d$ = `keyDim`; a dense layer over all heads joins them. Call it as
 * `layer.call(query, value = query, key = value, { attentionMask, useCausalMask, training })`: query
 * `[batch, steps, features]`, key `[batch, other steps, key features]` and value `[batch, other steps, value features]`
 * -> `[batch, steps, features]`.
 *
 * Parameters: `query/kernel` `[features, numHeads, keyDim]`, `key/kernel` `[key features, numHeads, keyDim]`,
 * `value/kernel` `[value features, numHeads, valueDim]`, `attentionOutput/kernel` `[numHeads, valueDim, features]`, and
 * a `bias` of each.
 * @param numHeads number of heads, a whole number >= 1
 * @param keyDim length of each head's queries and keys, a whole number >= 1
 * @param options `valueDim` defaults to `keyDim`, `dropout` to 0, `useBias` to true, `useCausalMask` to false,
 *   `kernelInitializer` to glorotUniform, `biasInitializer` to zeros
 * @throws ArgumentError for a value out of range and for an unknown option; `call` throws ShapeError for an input or a
 *   mask that is not rank 3
 * @see Vaswani et al. 2017, "Attention Is All You Need"; Keras `MultiHeadAttention`; PyTorch `MultiheadAttention`
 * @example
 * const x = tensor([[[0], [1]]]);
 * const options = { kernelInitializer: initializers.ones() };
 * multiHeadAttention(1, 1, options).call(x); // => [[[0.5], [0.7311]]]
 * multiHeadAttention(1, 1, { ...options, useCausalMask: true }).call(x); // => [[[0], [0.7311]]]
 */
export function multiHeadAttention(
  numHeads: number,
  keyDim: number,
  options?: MultiHeadAttentionOptions,
): MultiHeadAttention {
  return new MultiHeadAttention(numHeads, keyDim, options);
}

multiHeadAttention.info = MultiHeadAttention.info;
