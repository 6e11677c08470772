/** A case's model on one device, with its data and its results so far. */
import { sizeOf } from "../../base/shape";
import { type Block, type Optimizer, type Tensor, tensor } from "../../index";
import { buildLayers, buildLoss, buildOptimizer } from "./build";
import { Draw } from "./draw";
import { drawTruth, lossNeeds, type Numbers } from "./losses";
import type { Case, OptimizerPlan } from "./casePlans";

/** A result that is compared between devices. */
export interface Observation {
  what: string;
  kind: "loss" | "prediction" | "gradient";
  values: ArrayLike<number>;
}

export interface CaseData {
  x: Numbers;
  y: Numbers;
  /** Weight of each row. */
  sampleWeight: Numbers;
}

export function drawData({ seed, model, rows, loss }: Case): CaseData {
  const draw = new Draw(seed ^ 0x5bd1e995);
  const shape = [rows, ...model.input];
  const value = model.vocabulary > 0 ? () => draw.whole(0, model.vocabulary - 1) : () => draw.normal();
  const dtype = model.vocabulary > 0 ? "int32" : "float32";
  const { truth } = lossNeeds[loss.kind as keyof typeof lossNeeds];
  return {
    x: { dtype, shape, values: Array.from({ length: sizeOf(shape) }, value) },
    y: drawTruth(truth, [rows, ...model.output], draw),
    sampleWeight: { dtype: "float32", shape: [rows], values: Array.from({ length: rows }, () => draw.between(0, 2)) },
  };
}

function place({ values, ...options }: Numbers, device: string): Tensor {
  const array = options.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
  return tensor(array, { ...options, device });
}

/** Initial values of the weights on every device. */
export type StartWeights = readonly (Float32Array | Int32Array)[];

export class Trained {
  readonly seen: Observation[] = [];
  /** Faults that raise no error: dispatches whose results differ from the CPU's. */
  readonly faults: string[] = [];
  readonly x: Tensor;
  readonly y: Tensor;
  readonly sampleWeight: Tensor;
  readonly loss: ReturnType<typeof buildLoss>;
  optimizer!: Optimizer;
  net: Block;
  private optimizerPlan: OptimizerPlan;

  constructor(
    readonly plan: Case,
    readonly device: string,
    data: CaseData,
    private readonly metrics: string[],
  ) {
    this.x = place(data.x, device);
    this.y = place(data.y, device);
    this.sampleWeight = place(data.sampleWeight, device);
    this.loss = buildLoss(plan.loss);
    this.optimizerPlan = plan.optimizer;
    this.net = this.build();
  }

  /** Builds a new model with its own weights on the device. */
  build(): Block {
    const net = this.unbuilt();
    // Covers both ways of building.
    if (this.plan.seed % 2 === 0) (net.call(this.x) as Tensor).dispose();
    else net.build([null, ...this.plan.model.input]);
    return net.to(this.device);
  }

  /** Like `build`, but without weights. */
  unbuilt(): Block {
    return buildLayers(this.plan.model.layers);
  }

  async start(weights: StartWeights): Promise<void> {
    await setValues(this.net, weights, this.device);
    this.compile();
  }

  /** Compiles with a new optimizer, without the state of earlier steps. */
  compile(optimizer = this.optimizerPlan): void {
    this.optimizerPlan = optimizer;
    this.optimizer = buildOptimizer(optimizer);
    this.net.compile({ optimizer: this.optimizer, loss: this.loss, metrics: this.metrics });
  }

  lossOf(): Tensor {
    return this.loss(this.y, this.net.call(this.x) as Tensor);
  }

  see(kind: Observation["kind"], what: string, values: ArrayLike<number>): void {
    this.seen.push({ kind, what, values: Array.from(values, Number) });
  }

  async seeTensor(kind: Observation["kind"], what: string, value: Tensor): Promise<void> {
    this.see(kind, what, await value.data());
    value.dispose();
  }

  dispose(): void {
    for (const weight of this.net.weights) weight.dispose();
    for (const given of [this.x, this.y, this.sampleWeight]) given.dispose();
  }
}

export async function valuesOf(net: Block): Promise<StartWeights> {
  return Promise.all(net.weights.map(async (weight) => (await weight.data()).slice() as Float32Array));
}

export async function setValues(net: Block, values: StartWeights, device: string): Promise<void> {
  const tensors = net.weights.map(({ shape, dtype }, index) =>
    tensor(values[index]!, { shape, dtype: dtype === "bool" ? "int32" : dtype, device }),
  );
  await net.setWeights(tensors);
  for (const given of tensors) given.dispose();
}
