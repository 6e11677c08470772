import type { KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import type { Operand, Tensor } from "../../tensor/tensor";
import { Block } from "../block/block";
import { type Activation, activationOf } from "../define/activations";
import { nameFrom } from "../define/blockOptions";
import { activationField, nameField } from "../define/fields";
import { layerShape } from "../define/layerShape";

/** Block that `activation` creates. */
export class ActivationLayer extends Block {
  static readonly info: KindInfo = {
    kind: "activation",
    title: { en: "Activation", zh: "激活" },
    description: { en: "Applies a function to every element.", zh: "对每个元素应用一个函数。" },
    source: "Keras Activation",
    elementwise: true,
    shapeRule: "activation",
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
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    this.outputShape(x.shape);
    return this.activate(x);
  }
}

/**
 * Applies an activation function; the shape does not change.
 *
 * Shapes: `[...]` -> `[...]`. The layer has no weights. `name` is one of these, or any function of one tensor:
 *
 * - "linear": $x$
 * - "relu": $\max(x, 0)$
 * - "leakyRelu": $x$ where $x > 0$, else $0.2 x$
 * - "elu": $x$ where $x > 0$, else $e^x - 1$
 * - "selu": $1.0507 x$ where $x > 0$, else $1.0507 \cdot 1.6733 (e^x - 1)$ (Klambauer et al. 2017)
 * - "gelu": $x \, \Phi(x)$ with the exact normal distribution function, not its tanh approximation (Hendrycks & Gimpel
 *   2016)
 * - "silu": $x / (1 + e^{-x})$
 * - "softplus": $\ln(1 + e^x)$
 * - "sigmoid": $1 / (1 + e^{-x})$
 * - "softmax": $e^{x_i} / \sum_j e^{x_j}$ along the last axis
 * - "tanh": $\tanh x$
 *
 * @param options `name` replaces the layer's segment in paths; it has no default
 * @throws ArgumentError for an unknown name and for an unknown option
 * @see Keras `Activation`
 * @example
 * activation("relu").call(tensor([-1, 0, 2])); // => [0, 0, 2]
 * activation((x) => x.mul(2)).call(tensor([1, 2])); // => [2, 4]
 */
export function activation(
  name: Activation,
  options?: {
    /** Replaces the layer's segment in paths; without "/". No default. */
    name?: string;
  },
): ActivationLayer {
  return new ActivationLayer(name, options);
}

activation.info = ActivationLayer.info;
