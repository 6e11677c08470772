import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { nameField } from "../fields";

/** Joins all axes but the batch: [batch, ...] -> [batch, product of the others]; [batch] -> [batch, 1]. As Keras's Flatten. */
export class Flatten extends Block {
  static readonly info: KindInfo = {
    kind: "flatten",
    title: { en: "Flatten", zh: "展平" },
    description: { en: "Turns each example into one row of numbers.", zh: "把每个样本变成一行数字。" },
    source: "Keras Flatten",
    fields: [nameField],
  };

  constructor(options: { name?: string } = {}) {
    super(nameFrom(options, new.target));
  }

  override outputShape([batch = null, ...rest]: PartialShape): PartialShape {
    return [batch, rest.includes(null) ? null : (rest as number[]).reduce((product, length) => product * length, 1)];
  }

  forward(x: Operand): Tensor {
    const [batch = 1, ...rest] = x.shape;
    return x.reshape([batch, rest.reduce((product, length) => product * length, 1)]);
  }
}

/** @see Flatten */
export function flatten(options?: { name?: string }): Flatten {
  return new Flatten(options);
}

flatten.info = Flatten.info;
