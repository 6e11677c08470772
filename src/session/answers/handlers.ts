import { ArgumentError } from "../../base/errors";
import { deviceInfo, devices, setDefaultDevice } from "../../device/open";
import { writeSafetensors } from "../../formats/safetensors";
import { readWeightFile } from "../../formats/weightFiles";
import { compareWeights, loadWeightsFrom, weightsToFile } from "../../formats/weights";
import { Block } from "../../nn/block/block";
import { walkBlocks, walkWeights, type WeightEntry } from "../../nn/block/tree";
import type { DeviceDescription, ModelDescription, Request, WeightValues } from "../../protocol/protocol";
import { truncate, maxCode } from "../../protocol/sizes";
import { random } from "../../tensor/randomOps";
import { outsideScopes } from "../../tensor/scope";
import type { CellEvaluator } from "../cells/cellEvaluator";
import type { Runner } from "../cells/runner";
import type { Answer } from "../pagePort";
import { statisticsOf } from "../show/statistics";
import { classesIn } from "./classesInScope";
import { describeModel, describeWeight } from "./describe";
import { describePlans, dispatchOf } from "./describePlans";
import { inspectFile, readFileTensor } from "./inspectFile";
import type { RunMonitor } from "./runMonitor";

type Requests = { [Kind in Request["kind"]]: Extract<Request, { kind: Kind }> };
type Handlers = { [Kind in Request["kind"]]: (request: Requests[Kind]) => Answer | Promise<Answer> };

function modelOf(evaluator: CellEvaluator, variable: string): Block {
  const value = evaluator.get(variable);
  if (value instanceof Block) return value;
  throw new ArgumentError({
    at: variable,
    expected: "a model in the session",
    got: value === undefined ? "no such variable" : "something else",
    remedy: "Run the cell that creates it.",
  });
}

/** Returns the blocks among the names in scope. Names that cannot be read are skipped. */
function modelsIn(evaluator: CellEvaluator): ModelDescription[] {
  return evaluator.names().flatMap((variable) => {
    const value = evaluator.get(variable);
    return value instanceof Block ? [describeModel(variable, value)] : [];
  });
}

function weightOf(model: Block, path: string): WeightEntry<Block> {
  const entry = walkWeights(model).find((weight) => weight.path === path || weight.aliases.includes(path));
  if (entry) return entry;
  throw new ArgumentError({ at: model.label, expected: "the path of one of its weights", got: JSON.stringify(path) });
}

function blockOf(model: Block, path: string): Block {
  const entry = walkBlocks(model).entries.find((block) => block.path === path);
  if (entry) return entry.block;
  throw new ArgumentError({ at: model.label, expected: "the path of one of its blocks", got: JSON.stringify(path) });
}

async function valuesOf(entry: WeightEntry<Block>): Promise<Answer> {
  const { parameter, owner } = entry;
  // A copy: a device may return its own memory, and a transfer would detach it.
  const values = (await parameter.data()).slice();
  const value: WeightValues = {
    weight: describeWeight(entry),
    values,
    statistics: statisticsOf(values),
    initializer: owner.block.origins.get(parameter)?.initializer.config ?? null,
    edited: !parameter.untouched,
  };
  return { value, transfer: [values.buffer] };
}

export function describeDevices(): DeviceDescription[] {
  return devices().map((name) => deviceInfo(name));
}

/**
 * Handlers for each request of the page. A request may arrive while a cell awaits something, perhaps inside a closure
 * that frees the tensors created in it, so all handlers run outside of closures.
 */
export function createHandlers(evaluator: CellEvaluator, runner: Runner, runMonitor: RunMonitor): Handlers {
  const model = (request: { model: string }) => modelOf(evaluator, request.model);
  return {
    run: async (request) => ({ value: await runner.run(request, evaluator) }),
    cancel: () => ({ value: runner.cancel() }),
    models: () => ({ value: modelsIn(evaluator) }),
    classes: () => ({ value: classesIn(evaluator) }),
    weight: (request) => valuesOf(weightOf(model(request), request.path)),
    setWeight(request) {
      const entry = weightOf(model(request), request.path);
      entry.parameter.set(request.index, request.value);
      return valuesOf(entry);
    },
    initialize(request) {
      const { seed } = request;
      outsideScopes(() => model(request).initialize(undefined, seed === undefined ? {} : { key: random.key(seed) }));
      return { value: null };
    },
    async saveWeights(request) {
      const tensors = await outsideScopes(() => weightsToFile(model(request)));
      const value = writeSafetensors(tensors);
      return { value, transfer: [value.buffer] };
    },
    async compareWeights(request) {
      const tensors = await readWeightFile(request.bytes);
      return { value: compareWeights(model(request), tensors) };
    },
    async loadWeights(request) {
      const tensors = await readWeightFile(request.bytes);
      return { value: outsideScopes(() => loadWeightsFrom(model(request), tensors)) };
    },
    inspectFile: async (request) => ({ value: await inspectFile(request.path, request.bytes) }),
    async fileTensor(request) {
      const value = await readFileTensor(request.path, request.bytes, request.index);
      return { value, transfer: [value.values.buffer] };
    },
    training: (request) => ({ value: { found: runMonitor.act(request.training, request.action) } }),
    plans({ of }) {
      const block = "ids" in of ? undefined : blockOf(modelOf(evaluator, of.model), of.path);
      return { value: describePlans(block ?? (of as { ids: number[] }).ids) };
    },
    dispatchText: (request) => ({ value: truncate(dispatchOf(request).text, maxCode) }),
    timeDispatch: async (request) => ({ value: await dispatchOf(request).time() }),
    checkDispatch: async (request) => ({ value: await dispatchOf(request).check() }),
    deviceInfo: () => ({ value: describeDevices() }),
    useDevice(request) {
      setDefaultDevice(request.device);
      return { value: null };
    },
  };
}

/** Handles a request by its kind. Errors of a handler are sent to the page as the answer. */
export async function answer(handlers: Handlers, request: Request): Promise<Answer> {
  const handler = handlers[request.kind] as (request: Request) => Answer | Promise<Answer>;
  return handler(request);
}
