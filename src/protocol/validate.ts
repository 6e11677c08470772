/**
 * Validates messages from a session on arrival. A session runs untrusted code, which can reach its port, so each
 * message is treated as an attacker's. A message that does not fit its type, or is larger than any honest one, is
 * dropped by `client.ts` and counted.
 */
import * as v from "valibot";
import type { FromSession, HostRequest, Json, Request, Responses, SessionEvent } from "./protocol";
import {
  maxCode,
  maxDevices,
  maxDispatches,
  maxFileTensors,
  maxFileValues,
  maxFirstValues,
  maxClassText,
  maxImageBytes,
  maxImages,
  maxMessage,
  maxName,
  maxPlotPoints,
  maxPlotSeries,
  maxProgressValues,
  maxParents,
  maxPlans,
  maxSnapshotValues,
  maxSplits,
  maxTensors,
  maxText,
  maxWork,
} from "./sizes";

const maxRank = 8;
const maxBins = 256;
const maxKinds = 1000;
const maxBlocks = 20_000;
const maxFileBytes = 2 ** 31;

const name = v.pipe(v.string(), v.maxLength(maxName));
const line = v.pipe(v.string(), v.maxLength(maxMessage));
const text = v.pipe(v.string(), v.maxLength(maxText));
const classText = v.pipe(v.string(), v.maxLength(maxClassText));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const dtype = v.picklist(["float32", "int32", "bool"]);
const shape = v.pipe(v.array(count), v.maxLength(maxRank));
const partialShape = v.pipe(v.array(v.nullable(count)), v.maxLength(maxRank));

function listOf<Item extends v.GenericSchema>(item: Item, most: number) {
  return v.pipe(v.array(item), v.maxLength(most));
}

/** Any number, including NaN and infinities, which tensors may contain. */
const float = v.custom<number>((value) => typeof value === "number");

/** Like a list of `float`, but checked in one step: snapshots have thousands of values. */
function floats(most: number) {
  return v.custom<number[]>(
    (value) => Array.isArray(value) && value.length <= most && value.every((item) => typeof item === "number"),
  );
}

function byteArray(most: number) {
  return v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.byteLength <= most);
}

const place = v.object({ cell: name, line: count, column: count });

const error = v.object({
  name,
  message: line,
  at: v.optional(line),
  expected: v.optional(line),
  got: v.optional(line),
  remedy: v.optional(line),
  place: v.optional(place),
});

const statistics = v.object({
  size: count,
  min: float,
  max: float,
  mean: float,
  std: float,
  zeros: count,
  nan: count,
  infinite: count,
  histogram: listOf(count, maxBins),
});

const tensor = v.object({
  name: v.optional(name),
  shape,
  dtype,
  device: name,
  values: floats(maxSnapshotValues),
  truncated: v.boolean(),
  statistics,
});

const images = v.pipe(
  v.object({
    count: v.pipe(count, v.maxValue(maxImages)),
    height: count,
    width: count,
    channels: v.picklist([1, 3]),
    pixels: byteArray(maxImageBytes),
    classNames: listOf(name, maxKinds),
    labels: floats(maxImages),
    probabilities: listOf(floats(maxKinds), maxImages),
  }),
  v.check((image) => image.pixels.length === image.count * image.height * image.width * image.channels),
);

const plot = v.pipe(
  v.object({
    kind: v.picklist(["line", "bar", "points"]),
    title: name,
    xLabel: name,
    yLabel: name,
    logX: v.boolean(),
    logY: v.boolean(),
    x: floats(maxPlotPoints),
    categories: listOf(name, maxPlotPoints),
    series: listOf(v.object({ name, y: floats(maxPlotPoints) }), maxPlotSeries),
  }),
  v.check(({ x, categories, series }) => {
    const ascends = x.every((value, index) => Number.isFinite(value) && (index === 0 || value >= x[index - 1]!));
    const named = categories.length === 0 || categories.length === x.length;
    return ascends && named && series.length > 0 && series.every(({ y }) => y.length === x.length);
  }),
);

const device = v.object({
  device: name,
  vendor: name,
  architecture: name,
  description: name,
  software: v.boolean(),
  limits: v.record(name, v.number()),
  features: listOf(name, maxKinds),
  bytesInUse: v.number(),
  peakBytes: v.number(),
  buffers: v.number(),
  dispatches: v.number(),
});
const deviceList = listOf(device, maxDevices);

const summaryRow = v.object({
  path: name,
  depth: count,
  kind: name,
  outputShape: v.nullable(partialShape),
  count,
  trainable: v.boolean(),
});

const weightRow = v.object({
  file: v.nullable(name),
  path: v.nullable(name),
  fileShape: v.nullable(shape),
  shape: v.nullable(shape),
  status: v.picklist(["match", "missing", "unexpected", "shape", "dtype", "waiting"]),
});
const weightRows = listOf(weightRow, maxBlocks);

const namedNumbers = v.pipe(
  v.record(name, float),
  v.check((values) => Object.keys(values).length <= maxProgressValues),
);

const progress = v.object({
  epoch: count,
  epochs: count,
  step: count,
  steps: count,
  loss: float,
  logs: namedNumbers,
  rowsPerSecond: float,
  stepsPerSecond: float,
  secondsLeft: float,
  device: name,
  trials: listOf(v.object({ device: name, msPerStep: float }), maxDevices),
  seconds: float,
  state: v.picklist(["running", "paused", "ended"]),
});

const printed = v.optional(v.boolean());

const output = v.variant("type", [
  v.object({ type: v.literal("text"), text, level: v.optional(v.picklist(["warning", "error"])) }),
  v.object({ type: v.literal("value"), text }),
  v.object({ type: v.literal("tensor"), tensor, printed }),
  v.object({ type: v.literal("tensors"), tensors: listOf(tensor, maxTensors), printed }),
  v.object({ type: v.literal("images"), images, printed }),
  v.object({ type: v.literal("plot"), plot, printed }),
  v.object({ type: v.literal("devices"), devices: deviceList, printed }),
  v.object({
    type: v.literal("summary"),
    summary: listOf(summaryRow, maxBlocks),
    totals: v.object({ total: count, trainable: count, frozen: count }),
    printed,
  }),
  v.object({ type: v.literal("weights"), rows: weightRows, printed }),
  v.object({ type: v.literal("progress"), training: count, progress, printed }),
  v.object({ type: v.literal("check"), passed: v.boolean(), message: line }),
  v.object({ type: v.literal("error"), error }),
]);

const event = v.variant("kind", [
  v.object({ kind: v.literal("output"), cell: name, run: count, output }),
  v.object({ kind: v.literal("lateError"), error }),
]) satisfies v.GenericSchema<SessionEvent>;

/** Plain data from a cell, such as a field's value: shallow and small. */
const json = v.custom<Json>((value) => isSmallJson(value, 6, { left: 1000 }));

function isSmallJson(value: unknown, depth: number, budget: { left: number }): boolean {
  if (--budget.left < 0 || depth < 0) return false;
  if (value === null || typeof value === "boolean" || typeof value === "number") return true;
  if (typeof value === "string") return value.length <= 10_000;
  if (typeof value !== "object") return false;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return plain && Object.values(value).every((item) => isSmallJson(item, depth - 1, budget));
}

const localized = v.object({ en: line, zh: line });

const kindInfo = v.object({
  kind: name,
  title: localized,
  description: localized,
  formula: v.optional(line),
  source: v.optional(line),
  children: v.optional(v.picklist(["one", "list", "factory"])),
  flow: v.optional(v.picklist(["chain", "branches", "repeat"])),
  shapeRule: v.optional(name),
  elementwise: v.optional(v.boolean()),
  spread: v.optional(v.boolean()),
  constructed: v.optional(v.boolean()),
  predictions: v.optional(v.literal("distributions")),
  exampleShape: v.optional(shape),
  fields: listOf(
    v.object({
      name,
      title: localized,
      type: v.picklist([
        "integer",
        "number",
        "boolean",
        "string",
        "activation",
        "initializer",
        "shape",
        "numbers",
        "expression",
      ]),
      positional: v.optional(v.boolean()),
      default: v.optional(json),
      start: v.optional(line),
      options: v.optional(listOf(name, maxKinds)),
      min: v.optional(v.number()),
      max: v.optional(v.number()),
      step: v.optional(v.number()),
    }),
    100,
  ),
});
const kinds = listOf(kindInfo, maxKinds);

const catalogue = v.object({
  blocks: kinds,
  initializers: kinds,
  optimizers: kinds,
  schedules: kinds,
  losses: kinds,
  metrics: kinds,
  datasets: kinds,
  ops: kinds,
});

const weight = v.object({
  path: name,
  name,
  shape,
  dtype,
  device: name,
  trainable: v.boolean(),
  state: v.boolean(),
  aliases: listOf(name, 1000),
});

const weightValues = v.object({
  weight,
  values: v.union([v.instance(Float32Array), v.instance(Int32Array), v.instance(Uint8Array)]),
  statistics,
  initializer: v.nullable(v.object({ kind: name, fields: v.record(name, json) })),
  edited: v.boolean(),
});

function blockOf(children: v.GenericSchema) {
  return v.object({
    kind: name,
    path: name,
    name,
    fields: v.record(name, json),
    built: v.boolean(),
    inputShape: v.nullable(partialShape),
    outputShape: v.nullable(partialShape),
    count,
    trainable: v.boolean(),
    weights: listOf(weight, maxBlocks),
    madeBy: v.nullable(v.object({ cell: name, run: count, from: count, to: count, index: count })),
    children,
  });
}

/**
 * Blocks nested up to 64 deep, more than a reader can follow. A schema of fixed depth cannot be made to overflow the
 * stack.
 */
const block = Array.from({ length: 64 }).reduce<ReturnType<typeof blockOf>>(
  (inner) => blockOf(listOf(inner, maxBlocks)),
  blockOf(listOf(v.never(), 0)),
);

const bytes = byteArray(maxFileBytes);

const fileTensor = v.object({ name, shape, dtype: name, bytes: count, first: floats(maxFirstValues) });

const fileReport = v.variant("kind", [
  v.object({
    kind: v.literal("tensors"),
    format: localized,
    holds: v.picklist(["tensor", "list", "dictionary"]),
    count,
    tensors: listOf(fileTensor, maxFileTensors),
  }),
  v.object({ kind: v.literal("text"), text, truncated: v.boolean() }),
]);

const fileTensorValues = v.object({
  ...fileTensor.entries,
  values: v.custom<Float64Array>((value) => value instanceof Float64Array && value.length <= maxFileValues),
  statistics,
  loads: v.union([v.object({ dtype }), v.object({ problem: line })]),
});

const planUse = v.object({ id: count, closure: name, device: name, dispatches: count, steps: count });

const dispatchWork = v.object({
  owner: v.nullable(
    v.variant("type", [
      v.object({ type: v.literal("block"), kind: name, path: name }),
      v.object({ type: v.literal("weight"), path: name }),
    ]),
  ),
  phase: v.picklist(["forward", "gradient", "update"]),
  ops: listOf(name, maxWork),
});

const dispatch = v.object({
  own: v.boolean(),
  language: v.picklist(["wgsl", "javascript", "webassembly"]),
  workgroups: v.nullable(v.tuple([count, count])),
  work: listOf(dispatchWork, maxWork),
});

const plan = v.object({
  id: count,
  closure: name,
  device: name,
  steps: count,
  live: v.boolean(),
  dispatches: listOf(dispatch, maxDispatches),
});

const difference = v.object({
  ulp: float,
  absolute: float,
  op: name,
  shape,
  index: shape,
  actual: float,
  expected: float,
});

const dispatchCheck = v.object({
  against: v.picklist(["CPU float32", "CPU float64"]),
  compared: count,
  equal: count,
  largestUlp: v.nullable(difference),
  largestAbsolute: v.nullable(difference),
  relative: float,
  verdict: v.picklist(["same", "close", "different"]),
});

const responses = {
  run: v.object({
    status: v.picklist(["ok", "error", "cancelled"]),
    durationMs: v.number(),
    error: v.optional(error),
    declared: listOf(name, 10_000),
    plans: v.optional(listOf(planUse, maxPlans)),
    splits: v.optional(listOf(v.object({ closure: name, parts: count, place: v.optional(place) }), maxSplits)),
  }),
  cancel: v.object({ running: v.boolean() }),
  models: listOf(v.object({ variable: name, root: block }), 1000),
  classes: listOf(v.object({ variable: name, texts: listOf(classText, maxParents) }), 1000),
  weight: weightValues,
  setWeight: weightValues,
  initialize: v.null(),
  saveWeights: bytes,
  compareWeights: weightRows,
  loadWeights: weightRows,
  inspectFile: fileReport,
  fileTensor: fileTensorValues,
  training: v.object({ found: v.boolean() }),
  plans: listOf(plan, maxPlans),
  dispatchText: v.pipe(v.string(), v.maxLength(maxCode)),
  timeDispatch: v.object({
    milliseconds: v.number(),
    method: v.picklist(["timestamps", "queue", "clock"]),
    runs: count,
  }),
  checkDispatch: dispatchCheck,
  deviceInfo: deviceList,
  useDevice: v.null(),
} satisfies Record<Request["kind"], v.GenericSchema>;

/**
 * Names that the page may look up: of the app's own data, or of a file in the notebook's folder. Neither can lead
 * elsewhere.
 */
const assetPath = v.pipe(v.string(), v.maxLength(200), v.regex(/^data\/(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*$/));
const filePath = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(200),
  // oxlint-disable-next-line no-control-regex -- the pattern rejects control characters
  v.regex(/^[^\\:*?"<>|\u0000-\u001f\u007f]+$/),
  v.check((path) => path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..")),
);

const hostRequest = v.variant("kind", [
  v.object({ kind: v.literal("readAsset"), path: assetPath }),
  v.object({ kind: v.literal("readFile"), path: filePath }),
  v.object({ kind: v.literal("writeFile"), path: filePath, bytes }),
  v.object({ kind: v.literal("listFiles") }),
  v.object({ kind: v.literal("deleteFile"), path: filePath }),
]) satisfies v.GenericSchema<HostRequest>;

const envelope = v.variant("type", [
  v.object({
    type: v.literal("ready"),
    catalogue,
    devices: deviceList,
    gpu: v.picklist(["ready", "noApi", "insecureContext", "noAdapter", "rejected", "timeout"]),
  }),
  v.object({ type: v.literal("event"), event }),
  v.object({ type: v.literal("hostRequest"), id: count, request: v.unknown() }),
  v.object({ type: v.literal("response"), id: count, ok: v.literal(true), value: v.unknown() }),
  v.object({ type: v.literal("response"), id: count, ok: v.literal(false), error }),
]);

/** Validates everything in a message except the values of responses and host requests. */
export type CheckedMessage =
  | Exclude<FromSession, { type: "hostRequest" } | { type: "response"; ok: true }>
  | { type: "hostRequest"; id: number; request: unknown }
  | { type: "response"; id: number; ok: true; value: unknown };

/** Returns the message, or undefined if it is invalid. */
export function checkMessage(data: unknown): CheckedMessage | undefined {
  const result = v.safeParse(envelope, data, { abortEarly: true });
  return result.success ? result.output : undefined;
}

/** Validates a response's value, which has to match the kind of the request. */
export function checkResponse<Kind extends Request["kind"]>(kind: Kind, value: unknown): Responses[Kind] | undefined {
  const result = v.safeParse(responses[kind], value, { abortEarly: true });
  return result.success ? (result.output as Responses[Kind]) : undefined;
}

export function checkHostRequest(request: unknown): HostRequest | undefined {
  const result = v.safeParse(hostRequest, request, { abortEarly: true });
  return result.success ? result.output : undefined;
}
