/** Performs the actions of a user on a model, on one device. */
import { clearCancel, nextTask, requestCancel } from "../../base/cancel";
import { getHost } from "../../base/host";
import { Cancelled, compileFunction, plans, setSeed, type Tensor, trainingControl, valueAndGrad } from "../../index";
import type { Callback } from "../../train/callback";
import type { FitOptions } from "../../train/fitOptions";
import { eagerOps } from "./eagerOps";
import type { SessionAction, FitAction } from "./casePlans";
import { setValues, type Trained, valuesOf } from "./trained";

type Doing<Name extends SessionAction["do"]> = Extract<SessionAction, { do: Name }>;

function fitOptions(trained: Trained, action: FitAction): { options: FitOptions; owned: Tensor[] } {
  const { epochs, batchSize, shuffle, validation, weighted, stopAfter } = action;
  const { x, y, plan } = trained;
  const options: FitOptions = { epochs, batchSize, shuffle };
  const owned: Tensor[] = [];
  if (validation === "split") options.validationSplit = 0.3;
  if (validation === "data") {
    const rows = Math.ceil(plan.rows / 3);
    owned.push(x.slice([0], [rows]), y.slice([0], [rows]));
    options.validationData = [owned[0]!, owned[1]!];
  }
  if (weighted) options.sampleWeight = trained.sampleWeight;
  const stopping: Callback = {
    onEpochEnd: (epoch, _, control) => void (epoch + 1 >= stopAfter && control.stop()),
  };
  if (stopAfter > 0) options.callbacks = [stopping];
  return { options, owned };
}

async function fit(trained: Trained, action: FitAction): Promise<void> {
  const { options, owned } = fitOptions(trained, action);
  const control = trainingControl();
  if (action.pauseAfter > 0) control.step(action.pauseAfter);
  const running = trained.net.fit(trained.x, trained.y, { ...options, control });
  if (action.pauseAfter > 0) {
    const paused = control.whenPaused().then(() => control.resume());
    await Promise.race([running, paused]);
  }
  const history = await running;
  for (const [name, values] of Object.entries({ ...history }))
    if (name === "loss" || name === "valLoss") trained.see("loss", `fit() ${name}`, values as number[]);
  for (const given of owned) given.dispose();
}

async function evaluate(trained: Trained, batchSize: number): Promise<void> {
  const { loss } = await trained.net.evaluate(trained.x, trained.y, { batchSize });
  trained.see("loss", "evaluate()", [loss!]);
}

async function predict(trained: Trained, batchSize: number): Promise<void> {
  await trained.seeTensor("prediction", "predict()", await trained.net.predict(trained.x, { batchSize }));
}

async function minimize(trained: Trained, steps: number, keepGradients = false): Promise<void> {
  const losses: Tensor[] = [];
  for (let step = 0; step < steps; step++)
    losses.push(await trained.optimizer.minimize(() => trained.lossOf(), trained.net, { keepGradients }));
  for (const loss of losses) await trained.seeTensor("loss", "minimize()", loss);
}

async function gradients(trained: Trained, { training, times }: Doing<"gradients">): Promise<void> {
  for (let time = 0; time < times; time++) {
    const { value, grads } = await valueAndGrad(() => trained.lossOf(), trained.net, { training });
    await trained.seeTensor("loss", "valueAndGrad()", value);
    for (const [path, gradient] of grads) await trained.seeTensor("gradient", `gradient of ${path}`, gradient);
  }
}

async function compiled(trained: Trained, { replay, rows }: Doing<"compile function">): Promise<void> {
  const call = compileFunction((x: Tensor) => trained.net.call(x) as Tensor, { replay });
  for (const count of rows) {
    const x = trained.x.slice([0], [count]);
    await trained.seeTensor("prediction", `compileFunction() of ${count} rows`, await call(x));
    x.dispose();
  }
}

async function saveAndLoad(trained: Trained, { extension, into }: Doing<"save and load">): Promise<void> {
  const path = `case-${trained.plan.seed}${extension}`;
  await trained.net.saveWeights(path);
  if (into !== "itself") trained.net = into === "another" ? trained.build() : trained.unbuilt();
  await trained.net.loadWeights(path);
  if (into !== "itself") {
    (trained.net.call(trained.x) as Tensor).dispose();
    trained.compile();
  }
  await getHost().deleteFile(path);
  await predict(trained, 7);
}

/**
 * Stops a run like the page's Stop button: it rejects with `Cancelled`, and the next cell must find everything in order.
 */
async function stop(trained: Trained, { during, afterTurns }: Doing<"stop">): Promise<void> {
  const { net, x, y, device } = trained;
  const before = await valuesOf(net);
  const seen = trained.seen.length;
  const running: Promise<unknown> = {
    fit: () => net.fit(x, y, { epochs: 40, batchSize: 3 }),
    evaluate: () => net.evaluate(x, y, { batchSize: 1 }),
    predict: () => net.predict(x, { batchSize: 1 }),
    minimize: () => minimize(trained, 30),
  }[during]();
  const settled = running.catch((error: unknown) => {
    if (!(error instanceof Cancelled)) throw error;
  });
  for (let turn = 0; turn < afterTurns; turn++) await Promise.race([nextTask(), settled]);
  requestCancel();
  try {
    await settled;
  } finally {
    clearCancel();
  }
  trained.seen.length = seen;
  await setValues(net, before, device);
  trained.compile();
  await predict(trained, 5);
}

async function freeze(trained: Trained, { layer, steps }: Doing<"freeze">): Promise<void> {
  const { layers } = trained.net;
  const frozen = layers[layer % Math.max(1, layers.length)];
  if (!frozen || frozen.weights.length === 0) return;
  frozen.trainable = false;
  try {
    if (trained.net.trainable) await minimize(trained, steps);
  } finally {
    frozen.trainable = true;
  }
}

async function moveThereAndBack(trained: Trained): Promise<void> {
  trained.net.to("CPU:0");
  await predict(trained, 32);
  trained.net.to(trained.device);
  await minimize(trained, 2);
}

/** Checks dispatches of plans that ran, including freed ones, as the page's Shaders view does. */
async function lookAtPlans(trained: Trained): Promise<void> {
  if (trained.device === "CPU:0") return;
  const alive = plans().filter(({ isLive, device }) => isLive && device === trained.device);
  for (const plan of alive.slice(0, 3)) {
    // During the previous check, plans may have been freed, and their snapshots evicted by newer ones.
    if (!plan.isLive) continue;
    const { dispatches } = plan;
    const check = await dispatches[dispatches.length >> 1]!.check();
    if (check.verdict === "different")
      trained.faults.push(`a dispatch of ${plan.closure} differs from the CPU: ${JSON.stringify(check)}`);
  }
}

async function act(trained: Trained, action: SessionAction): Promise<void> {
  switch (action.do) {
    case "fit":
      return fit(trained, action);
    case "evaluate":
      return evaluate(trained, action.batchSize);
    case "predict":
      return predict(trained, action.batchSize);
    case "minimize":
      return minimize(trained, action.steps, action.keepGradients);
    case "gradients":
      return gradients(trained, action);
    case "compile function":
      return compiled(trained, action);
    case "eager ops":
      return eagerOps(trained, action.seed, action.tidy);
    case "save and load":
      return saveAndLoad(trained, action);
    case "stop":
      return stop(trained, action);
    case "freeze":
      return freeze(trained, action);
    case "move there and back":
      return moveThereAndBack(trained);
    case "look at plans":
      return lookAtPlans(trained);
    case "compile anew":
      return trained.compile(action.optimizer);
  }
}

/**
 * Runs actions from a seed, so that all random draws are the same on every device. @throws ActionError for the
 * action that failed
 */
export async function runActions(trained: Trained, actions: readonly SessionAction[], seed: number): Promise<void> {
  for (const [index, action] of actions.entries()) {
    setSeed(seed * 64 + index);
    try {
      await act(trained, action);
    } catch (error) {
      throw new ActionError(action, error);
    }
  }
}

export class ActionError extends Error {
  constructor(
    readonly action: SessionAction,
    override readonly cause: unknown,
  ) {
    super(`during ${action.do}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`);
  }
}
