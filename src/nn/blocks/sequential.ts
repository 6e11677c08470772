import { ArgumentError } from "../../base/errors";
import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { nameField } from "../fields";

/** Blocks in a row, each fed with the result of the one before. The segment of each is its index, or its name. */
export class Sequential extends Block {
  static readonly info: KindInfo = {
    kind: "sequential",
    title: { en: "Sequential", zh: "顺序块" },
    description: { en: "Runs blocks one after another.", zh: "依次运行其中的块。" },
    source: "Keras Sequential",
    container: true,
    fields: [nameField],
  };
  private readonly blocks: Block[] = [];

  constructor(blocks: readonly Block[] = [], options: { name?: string } = {}) {
    super(nameFrom(options, new.target));
    for (const block of blocks) this.add(block);
  }

  /** Appends a block. Returns this. @throws ArgumentError for anything without a forward. */
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

  /** A promise where a block in it answers with one. */
  forward(x: Operand): Tensor {
    return this.blocks.reduce<Operand>((input, block) => block.call(input), x) as Tensor;
  }
}

/** @see Sequential */
export function sequential(blocks?: readonly Block[], options?: { name?: string }): Sequential {
  return new Sequential(blocks, options);
}

sequential.info = Sequential.info;
