/** Builds blocks, losses and optimizers from their plans. */
import type { FieldInfo, Json, KindInfo } from "../../base/info";
import {
  type Block,
  initializers,
  losses,
  metrics,
  type Optimizer,
  optimizers,
  schedules,
  sequential,
  type Tensor,
} from "../../index";
import * as blocks from "../../nn/blocks/index";
import type { Schedule } from "../../nn/define/schedule";
import type { LayerPlan, LossPlan, OptimizerPlan } from "./casePlans";
import { MeanOfSteps, type WrapperName, wrappers } from "./ownBlocks";

interface Maker<Result> {
  (...args: unknown[]): Result;
  readonly info: KindInfo;
}

/**
 * Sorts a table by name. Bundles order the exports of a module differently than pages do, and a seed must draw the
 * same case in both.
 */
export function inOrder<Value>(table: object): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const blockMakers = inOrder<Maker<Block>>(blocks);
export const optimizerMakers = inOrder<Maker<Optimizer>>(optimizers);
export const scheduleMakers = inOrder<Maker<Schedule>>(schedules);
type Loss = (yTrue: unknown, yPred: unknown, options?: object) => Tensor;
export const lossMakers = inOrder<Loss & { info: KindInfo }>(losses);
export const metricMakers = inOrder<(yTrue: Tensor, yPred: Tensor) => Tensor>(metrics);
export const initializerMakers = inOrder<() => unknown>(initializers);

/** A plan refers to an initializer by name. */
function given(fields: readonly FieldInfo[], name: string, value: Json): unknown {
  const isInitializer = fields.find((field) => field.name === name)?.type === "initializer";
  return isInitializer ? initializerMakers[value as string]!() : value;
}

export function buildLayer({ kind, args, of = [] }: LayerPlan): Block {
  if (kind in wrappers) return new wrappers[kind as WrapperName](buildLayers(of));
  if (kind === "MeanOfSteps") return new MeanOfSteps();
  const maker = blockMakers[kind]!;
  const { fields } = maker.info;
  const made = args.map((arg) =>
    typeof arg !== "object" || arg === null || Array.isArray(arg)
      ? arg
      : Object.fromEntries(Object.entries(arg).map(([name, value]) => [name, given(fields, name, value)])),
  );
  return maker(...made);
}

export function buildLayers(layers: readonly LayerPlan[]): Block {
  return layers.length === 1 ? buildLayer(layers[0]!) : sequential(layers.map(buildLayer));
}

export function buildOptimizer({ kind, options, schedule }: OptimizerPlan): Optimizer {
  const learningRate = schedule && scheduleMakers[schedule.kind]!(...schedule.args);
  return optimizerMakers[kind]!({ ...options, ...(learningRate && { learningRate }) });
}

/** Returns the loss in the form that `compile` and closures accept. */
export function buildLoss({ kind, options }: LossPlan) {
  return (yTrue: Tensor, yPred: Tensor, weights: object = {}): Tensor =>
    lossMakers[kind]!(yTrue, yPred, { ...options, ...weights });
}
