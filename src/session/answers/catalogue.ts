import type { KindInfo } from "../../base/info";
import * as datasets from "../../datasets/index";
import * as blocks from "../../nn/blocks/index";
import * as initializers from "../../nn/initializers/index";
import * as losses from "../../nn/losses/index";
import * as metrics from "../../nn/metrics/index";
import * as optimizers from "../../nn/optimizers/index";
import * as schedules from "../../nn/schedules/index";
import type { Catalogue } from "../../protocol/protocol";
import type { Op } from "../../tensor/graph";
import * as ops from "../../tensor/ops/index";

/** Collects the `info` of all kinds in a list. Lists may also contain helpers without `info`. */
function infosOf(list: Iterable<unknown>): KindInfo[] {
  return [...list].flatMap((kind) => (kind as { info?: KindInfo }).info ?? []);
}

/** An op's texts are in English only and it has no fields: it is called, not placed in models. */
function opInfo(op: Pick<Op, "name" | "info">): KindInfo {
  const { description, ...info } = op.info;
  return {
    ...info,
    kind: op.name,
    title: { en: op.name, zh: op.name },
    description: { en: description, zh: description },
    fields: [],
  };
}

/** Returns the `info` of all built-in kinds as plain data. */
export function builtInCatalogue(): Catalogue {
  return {
    blocks: infosOf(Object.values(blocks)),
    initializers: infosOf(Object.values(initializers)),
    optimizers: infosOf(Object.values(optimizers)),
    schedules: infosOf(Object.values(schedules)),
    losses: infosOf(Object.values(losses)),
    metrics: infosOf(Object.values(metrics)),
    datasets: infosOf(Object.values(datasets)),
    ops: Object.values(ops).flatMap((op) => ("op" in op ? opInfo(op.op) : [])),
  };
}
