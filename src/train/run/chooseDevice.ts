/** Chooses the device with the shorter training step by measuring a few steps on each. */
import { devices } from "../../device/open";
import type { Block } from "../../nn/block/block";
import { tidy } from "../../plan/closures/tidy";
import { stream } from "../../tensor/stream";
import type { Tensor } from "../../tensor/tensor";
import { validateModel } from "../diagnose/validateModel";
import type { TrainingConfig } from "../trainingConfig";
import type { Trial } from "../trainingHistory";
import { AllFiniteCheck } from "./allFiniteCheck";
import { BatchSteps } from "./batchSteps";
import { type Rows, Tables } from "./tables";

/** The chosen device and the measurements behind the choice. */
export interface ChosenDevice {
  device: string;
  /** Sorted by speed, the fastest first. Empty if there is only one device. */
  trials: Trial[];
}

/** Steps per submit, number of submits, and the time after which measuring stops. */
const stepsPerSubmit = 4;
const maxGroups = 6;
const maxMeasureMs = 200;

/**
 * Measures steps on the first GPU and on `CPU:0`, and moves the block to the faster device. Weights, states, the
 * optimizer and the random stream are the same afterwards as before.
 */
export async function chooseDevice(
  net: Block,
  config: TrainingConfig,
  rows: Rows,
  batchSize: number,
): Promise<ChosenDevice> {
  const candidates = [...new Set([devices()[0]!, "CPU:0"])];
  if (candidates.length === 1) {
    net.to("CPU:0");
    return { device: "CPU:0", trials: [] };
  }
  // Builds the block first, so that its initial weights do not depend on the choice.
  await buildOn(net, config, rows, batchSize);
  let device = rows.yTrue.device;
  try {
    const trials: Trial[] = [];
    for (const one of candidates)
      trials.push({ device: one, msPerStep: await msPerStep(net, config, rows, batchSize, one) });
    trials.sort((first, second) => first.msPerStep - second.msPerStep);
    device = trials[0]!.device;
    return { device, trials };
  } finally {
    net.to(device);
  }
}

/** Returns tables with the rows of the first batch. */
function firstTables({ inputs, yTrue, count }: Rows, batchSize: number, device: string): Tables {
  const rows = Math.min(batchSize, count);
  const head = (tensor: Tensor) => {
    const slice = tensor.slice([0], [rows]);
    const there = slice.to(device);
    if (there !== slice) slice.dispose();
    return there;
  };
  const first = { inputs: inputs.map(head), yTrue: head(yTrue), count: rows };
  const tables = new Tables(first);
  for (const tensor of [...first.inputs, first.yTrue]) tensor.dispose();
  return tables;
}

async function buildOn(net: Block, config: TrainingConfig, rows: Rows, batchSize: number): Promise<void> {
  const tables = firstTables(rows, batchSize, rows.yTrue.device);
  try {
    (await validateModel("fit() device", net, config, tables, 0, tables.order.size)).dispose();
  } finally {
    tables.dispose();
  }
}

async function msPerStep(
  net: Block,
  config: TrainingConfig,
  rows: Rows,
  batchSize: number,
  device: string,
): Promise<number> {
  const rewind = stream.mark();
  const owned: { dispose(): void }[] = [];
  const own = <X extends { dispose(): void }>(one: X): X => {
    owned.push(one);
    return one;
  };
  try {
    net.to(device);
    const tables = own(firstTables(rows, batchSize, device));
    const { size } = tables.order;
    const measures = own(await validateModel("fit() device", net, config, tables, 0, size));
    const finiteCheck = own(new AllFiniteCheck(device));
    finiteCheck.skipAll();
    const { optimizer, loss } = config;
    const parts = { at: "fit() device", net, loss, tables, measures, training: { optimizer, finiteCheck } };
    const steps = own(await BatchSteps.prepare(parts, size));
    const take = async (count: number) => {
      await steps.run(Array(count).fill(0), () => [...optimizer.rates(1), 1]);
      const seen = tidy(() => measures.lossSum.mul(1));
      await seen.data();
      seen.dispose();
    };
    await take(1);
    const start = performance.now();
    let taken = 0;
    while (taken < maxGroups * stepsPerSubmit && performance.now() - start < maxMeasureMs) {
      await take(stepsPerSubmit);
      taken += stepsPerSubmit;
    }
    return (performance.now() - start) / taken;
  } finally {
    for (const one of owned) one.dispose();
    rewind();
  }
}
