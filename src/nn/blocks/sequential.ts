import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { nameFrom } from "../define/blockOptions";
import { nameField } from "../define/fields";

/** Block that `sequential` creates: its blocks run in a row, each on the result of the previous one. */
export class Sequential extends Block {
  static readonly info: KindInfo = {
    kind: "sequential",
    title: { en: "Sequential", zh: "顺序块" },
    description: { en: "Runs blocks one after another.", zh: "依次运行其中的块。" },
    source: "Keras Sequential",
    children: "list",
    flow: "chain",
    fields: [nameField],
  };
  private readonly blocks: Block[] = [];

  constructor(blocks: readonly Block[] = [], options: { name?: string } = {}) {
    super(nameFrom(options, new.target));
    for (const block of blocks) this.add(block);
  }

  /**
   * Appends a block and returns the model. The block's segment in paths is its index, or its name.
   * @throws ArgumentError for anything without a `forward` method
   * @example
   * const net = sequential([flatten()]);
   * net.add(dense(2)).layers.length; // => 2
   */
  add(block: Block): this {
    if (typeof block?.forward !== "function") {
      throw new ArgumentError({
        at: `${this.label}.add()`,
        expected: "a block",
        got: String(block),
        remedy: "Call its function: dense(10), flatten().",
      });
    }
    this.blocks.push(block);
    return this;
  }

  override childEntries(): [segment: string, child: Block][] {
    return this.blocks.map((block, index) => [String(index), block]);
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return this.blocks.reduce((shape, block) => block.outputShape?.(shape) ?? [null], inputShape);
  }

  /** Returns a promise if one of the blocks returns one. */
  forward(x: Operand): Tensor {
    return this.blocks.reduce<Operand>((input, block) => block.call(input), x) as Tensor;
  }
}

/**
 * Runs blocks one after another, each on the result of the previous one.
 *
 * Computes $y = f_n(\dots f_2(f_1(x)))$ for blocks $f_1, \dots, f_n$. Shapes and weights are those of the blocks;
 * without blocks the input is the result. The segment of a block in paths is its index, or its name: `0/kernel`,
 * `head/bias`.
 * @param blocks blocks in the order they run; none by default, `add` appends more
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError for anything without a `forward` method and for an unknown option
 * @see Keras `Sequential`; PyTorch `Sequential`
 * @example
 * const net = sequential([flatten(), dense(1, { kernelInitializer: initializers.ones(), name: "head" })]);
 * net.call(tensor([[[1, 2], [3, 4]]])); // => [[10]]
 * [...net.parameters().keys()]; // => ["head/kernel", "head/bias"]
 */
export function sequential(
  blocks?: readonly Block[],
  options?: {
    /** Replaces the layer's segment in paths; without "/". No default. */
    name?: string;
  },
): Sequential {
  return new Sequential(blocks, options);
}

sequential.info = Sequential.info;
