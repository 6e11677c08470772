import type { FieldInfo } from "../../../base/info";
import type { PartialShape } from "../../../base/shape";
import { zeros as zeroTensor } from "../../../tensor/creation";
import { stack } from "../../../tensor/ops/stack";
import type { Operand, Tensor } from "../../../tensor/tensor";
import { Block } from "../../block/block";
import { type Activation, activationOf } from "../../define/activations";
import { nameFrom } from "../../define/blockOptions";
import {
  activationField,
  countField,
  initializerField,
  kernelFields,
  nameField,
  switchField,
} from "../../define/fields";
import type { Initializer } from "../../define/initializer";
import { checkCount, checkInput, widthOf } from "../../define/inputs";
import { layerShape } from "../../define/layerShape";
import { glorotUniform } from "../../initializers/glorotUniform";
import { orthogonal } from "../../initializers/orthogonal";
import { zeros } from "../../initializers/zeros";

/** Options of `simpleRnn`; those of `gru` and `lstm` extend them. */
export interface RecurrentOptions {
  /**
   * Activation of the output (in gated layers also of the candidate): a name or a function of one tensor. Default
   * "tanh".
   */
  activation?: Activation;
  /** Adds a bias. Default true. */
  useBias?: boolean;
  /** Initializer of the kernel, which multiplies the inputs. Default glorotUniform. */
  kernelInitializer?: Initializer;
  /** Initializer of the recurrent kernel, which multiplies the previous output. Default orthogonal. */
  recurrentInitializer?: Initializer;
  /** Initializer of the bias. Default zeros. */
  biasInitializer?: Initializer;
  /** Returns the outputs of all time steps instead of the last one. Default false. */
  returnSequences?: boolean;
  /** Replaces the layer's segment in paths; without "/". No default. */
  name?: string;
}

/** Options of `gru`; those of `lstm` extend them. */
export interface GatedOptions extends RecurrentOptions {
  /** Activation of the gates: a name or a function of one tensor. Default "sigmoid". */
  recurrentActivation?: Activation;
}

const [biasField, kernelField, biasInitializerField] = kernelFields as [FieldInfo, FieldInfo, FieldInfo];
const unitsField = countField("units", { en: "Units", zh: "单元数" }, 32);
const recurrentFields: FieldInfo[] = [
  biasField,
  switchField("returnSequences", { en: "Return sequences", zh: "输出每一步" }, false),
  kernelField,
  initializerField("recurrentInitializer", { en: "Recurrent initializer", zh: "循环权重初始化" }, "orthogonal"),
  biasInitializerField,
  nameField,
];

export const simpleFields: FieldInfo[] = [unitsField, activationField("tanh"), ...recurrentFields];
export const gatedFields: FieldInfo[] = [
  unitsField,
  activationField("tanh"),
  activationField("sigmoid", "recurrentActivation", { en: "Gate activation", zh: "门激活函数" }),
  ...recurrentFields,
];

function stepsOf(x: Tensor): Tensor[] {
  const [batch, steps, width] = x.shape as [number, number, number];
  return Array.from({ length: steps }, (_, step) => x.slice([0, step], [batch, step + 1]).reshape([batch, width]));
}

/**
 * Base of layers that read sequences: `[batch, steps, features]` -> `[batch, units]`, or `[batch, steps, units]` with
 * `returnSequences`.
 *
 * Parameters `kernel` `[features, gates * units]`, `recurrentKernel` `[units, gates * units]` and `bias`. One matrix
 * product computes the inputs' part of all time steps.
 */
export abstract class Recurrent<Options extends RecurrentOptions = RecurrentOptions> extends Block {
  protected readonly activate: (x: Operand) => Tensor;
  /** Width of the parameters in multiples of `units`. */
  protected abstract readonly gates: number;
  /** Number of tensors passed from one time step to the next; the output is the first. */
  protected readonly stateCount: number = 1;

  constructor(
    at: string,
    readonly units: number,
    readonly options: Options,
  ) {
    super(nameFrom(options, new.target));
    checkCount(at, "units", units);
    this.activate = activationOf(options.activation ?? "tanh", at);
  }

  /**
   * Computes one time step: from the inputs' part `[batch, gates * units]` and the states `[batch, units]` to the next
   * states.
   */
  protected abstract step(inputs: Tensor, states: readonly Tensor[], recurrentBias: Operand | undefined): Tensor[];

  override build(inputShape: PartialShape): void {
    this.outputShape(inputShape);
    const { kernelInitializer = glorotUniform(), recurrentInitializer = orthogonal(), useBias = true } = this.options;
    const width = this.gates * this.units;
    const features = widthOf(this.label, inputShape);
    this.kernel = this.addWeight("kernel", [features, width], { initializer: kernelInitializer });
    this.recurrentKernel = this.addWeight("recurrentKernel", [this.units, width], {
      initializer: recurrentInitializer,
    });
    if (useBias) this.addBias(width, this.options.biasInitializer ?? zeros());
  }

  protected addBias(width: number, initializer: Initializer): void {
    this.bias = this.addWeight("bias", [width], { initializer });
  }

  /** Bias added to the inputs' part of every time step. */
  protected get inputBias(): Operand | undefined {
    return this.bias;
  }

  /** Bias added to the recurrent product of every time step. */
  protected get recurrentBias(): Operand | undefined {
    return undefined;
  }

  override outputShape(inputShape: PartialShape): PartialShape {
    return layerShape(this, inputShape);
  }

  forward(x: Operand): Tensor {
    checkInput(this.label, x.shape, ["batch", "steps", this.kernel.shape[0]]);
    const [batch, steps] = x.shape as [number, number];
    const { inputBias, recurrentBias } = this;
    const product = x.matmul(this.kernel);
    const inputs = inputBias ? product.add(inputBias) : product;
    const nothing = zeroTensor([batch, this.units], { device: x.device });
    let states: Tensor[] = Array.from({ length: this.stateCount }, () => nothing);
    const outputs: Tensor[] = [];
    for (const input of steps === 0 ? [] : stepsOf(inputs)) {
      states = this.step(input, states, recurrentBias);
      outputs.push(states[0]!);
    }
    if (!this.options.returnSequences) return states[0]!;
    return steps === 0 ? zeroTensor([batch, 0, this.units], { device: x.device }) : stack(outputs, 1);
  }

  /** Returns the columns of one gate, or of `count` adjacent gates. */
  protected gate(x: Tensor, index: number, count = 1): Tensor {
    return x.slice([0, index * this.units], [x.shape[0]!, (index + count) * this.units]);
  }
}

/** Recurrent layer whose gates have a separate activation. */
export abstract class Gated<Options extends GatedOptions = GatedOptions> extends Recurrent<Options> {
  protected readonly activateGates: (x: Operand) => Tensor;

  constructor(at: string, units: number, options: Options) {
    super(at, units, options);
    this.activateGates = activationOf(options.recurrentActivation ?? "sigmoid", at);
  }
}
