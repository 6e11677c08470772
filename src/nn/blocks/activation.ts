import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { type Activation, activationOf } from "../activations";
import { Block } from "../block";
import { nameFrom } from "../checkOptions";
import { activationField, nameField } from "../fields";

/** An activation as a layer of its own; the shape stays. */
export class ActivationLayer extends Block {
  static readonly info: KindInfo = {
    kind: "activation",
    title: { en: "Activation", zh: "激活" },
    description: { en: "Applies a function to every element.", zh: "对每个元素应用一个函数。" },
    source: "Keras Activation",
    elementwise: true,
    fields: [{ ...activationField("relu", "activation", { en: "Function", zh: "函数" }), positional: true }, nameField],
  };
  readonly activation: Activation;
  private readonly activate: (x: Operand) => Tensor;

  constructor(chosen: Activation, options: { name?: string } = {}) {
    super(nameFrom(options, new.target));
    this.activation = chosen;
    this.activate = activationOf(chosen, "activation()");
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  forward(x: Operand): Tensor {
    return this.activate(x);
  }
}

/** @see ActivationLayer */
export function activation(name: Activation, options?: { name?: string }): ActivationLayer {
  return new ActivationLayer(name, options);
}

activation.info = ActivationLayer.info;
