import { expect, test } from "vitest";
import type {
  BlockDescription,
  Catalogue,
  DeviceDescription,
  FileTensorEntry,
  FieldInfo,
  FromSession,
  ImagesSnapshot,
  KindInfo,
  Output,
  PlotSnapshot,
  Progress,
  Responses,
  SessionError,
  Statistics,
  TensorSnapshot,
  WeightDescription,
  WeightRow,
} from "./protocol";
import { checkHostRequest, checkMessage, checkResponse } from "./validate";

// Each sample has every field of its type: a field missing in a schema is removed by validation and detected here.
const statistics: Required<Statistics> = {
  size: 1,
  min: NaN,
  max: Infinity,
  mean: 0,
  std: 0,
  zeros: 0,
  nan: 1,
  infinite: 0,
  histogram: [1],
};
const tensor: Required<TensorSnapshot> = {
  name: "w",
  shape: [2],
  dtype: "float32",
  device: "CPU:0",
  values: [NaN, 1],
  truncated: false,
  statistics,
};
const weight: Required<WeightDescription> = {
  path: "w",
  name: "w",
  shape: [2],
  dtype: "float32",
  device: "CPU:0",
  trainable: true,
  state: true,
  aliases: [],
};
const error: Required<SessionError> = {
  name: "ShapeError",
  message: "x",
  at: "Dense",
  expected: "a",
  got: "b",
  remedy: "c",
  place: { cell: "a", line: 1, column: 2 },
};
const field: Required<FieldInfo> = {
  name: "units",
  title: { en: "Units", zh: "单元数" },
  type: "integer",
  positional: true,
  default: { nested: [1, null] },
  start: "8",
  options: ["a"],
  min: 1,
  max: 2,
  step: 1,
};
const kind: Required<KindInfo> = {
  kind: "dense",
  title: { en: "Dense", zh: "全连接" },
  description: { en: "", zh: "" },
  formula: "x",
  source: "s",
  fields: [field],
  children: "list",
  flow: "chain",
  shapeRule: "units",
  elementwise: true,
  spread: true,
  constructed: true,
  predictions: "distributions",
  exampleShape: [32, 64],
};
const device: Required<DeviceDescription> = {
  device: "GPU:0",
  vendor: "v",
  architecture: "a",
  description: "",
  software: true,
  limits: { maxBufferSize: 1 },
  features: ["f"],
  bytesInUse: 0,
  peakBytes: 0,
  buffers: 0,
  dispatches: 0,
};
const catalogue: Required<Catalogue> = {
  blocks: [kind],
  initializers: [],
  optimizers: [],
  schedules: [],
  losses: [],
  metrics: [],
  datasets: [],
  ops: [],
};
const block: Required<BlockDescription> = {
  kind: "dense",
  path: "0",
  name: "0",
  fields: { units: 3, activation: null },
  built: true,
  inputShape: [null, 2],
  outputShape: null,
  count: 3,
  trainable: true,
  weights: [weight],
  madeBy: { cell: "a", run: 1, from: 0, to: 8, index: 0 },
  children: [],
};
const row: Required<WeightRow> = { file: null, path: "w", fileShape: null, shape: [2], status: "missing" };
const fileTensor: Required<FileTensorEntry> = { name: "w", shape: [2], dtype: "float16", bytes: 4, first: [1, NaN] };
const plot: Required<PlotSnapshot> = {
  kind: "bar",
  title: "t",
  xLabel: "x",
  yLabel: "y",
  logX: false,
  logY: true,
  x: [0, 1],
  categories: ["a", "b"],
  series: [{ name: "s", y: [NaN, 1] }],
};
const images: Required<ImagesSnapshot> = {
  count: 1,
  height: 1,
  width: 2,
  channels: 1,
  pixels: new Uint8Array(2),
  classNames: ["a"],
  labels: [0],
  probabilities: [[1]],
};

const progress: Required<Progress> = {
  epoch: 1,
  epochs: 2,
  step: 3,
  steps: 4,
  loss: NaN,
  logs: { loss: 0.5, valLoss: Infinity },
  rowsPerSecond: 10.5,
  stepsPerSecond: 0.5,
  secondsLeft: Infinity,
  device: "GPU:0",
  trials: [{ device: "GPU:0", msPerStep: 0.25 }],
  seconds: 1.5,
  state: "paused",
};
const outputs: Output[] = [
  { type: "text", text: "a\n" },
  { type: "text", text: "a\n", level: "error" },
  { type: "value", text: "1" },
  { type: "tensor", tensor: tensor },
  { type: "tensors", tensors: [tensor] },
  { type: "images", images: images },
  { type: "plot", plot },
  { type: "devices", devices: [device], printed: true },
  {
    type: "summary",
    summary: [{ path: "0", depth: 0, kind: "Dense", outputShape: [null, 2], count: 3, trainable: true }],
    totals: { total: 3, trainable: 3, frozen: 0 },
  },
  { type: "weights", rows: [row] },
  { type: "progress", training: 1, progress },
  { type: "check", passed: true, message: "" },
  { type: "error", error },
];

const messages: FromSession[] = [
  { type: "ready", catalogue, devices: [device], gpu: "noAdapter" },
  { type: "response", id: 1, ok: true, value: null },
  { type: "response", id: 1, ok: false, error },
  { type: "event", event: { kind: "lateError", error } },
  { type: "hostRequest", id: 1, request: { kind: "listFiles" } },
  ...outputs.map((one): FromSession => ({ type: "event", event: { kind: "output", cell: "a", run: 1, output: one } })),
];

test.each(messages)("every message of an honest session is accepted unchanged: %#", (message) => {
  expect(checkMessage(message)).toEqual(message);
});

const answers: { [Kind in keyof Responses]: unknown } = {
  run: {
    status: "error",
    durationMs: 1.5,
    error,
    declared: ["x"],
    plans: [{ id: 3, closure: "fit()", device: "CPU:0", dispatches: 9, steps: 500 }],
    splits: [
      { closure: "minimize()", parts: 2, place: { cell: "a", line: 3, column: 7 } },
      { closure: "fit()", parts: 4 },
    ],
  },
  cancel: { running: false },
  classes: [{ variable: "MyDense", texts: ["class MyDense extends Block {}"] }],
  models: [{ variable: "net", root: { ...block, children: [{ ...block, children: [block] }] } }],
  weight: {
    weight,
    values: new Float32Array(2),
    statistics,
    initializer: { kind: "ones", fields: { a: [1] } },
    edited: false,
  },
  setWeight: { weight, values: new Int32Array(2), statistics, initializer: null, edited: true },
  initialize: null,
  saveWeights: new Uint8Array(3),
  compareWeights: [row],
  loadWeights: [row],
  inspectFile: {
    kind: "tensors",
    format: { en: "NumPy archive", zh: "NumPy 归档" },
    holds: "list",
    count: 1,
    tensors: [fileTensor],
  },
  fileTensor: { ...fileTensor, values: Float64Array.of(1, NaN), statistics, loads: { dtype: "float32" } },
  training: { found: true },
  plans: [
    {
      id: 3,
      closure: "minimize()",
      device: "GPU:0",
      steps: 20,
      live: true,
      dispatches: [
        {
          own: true,
          language: "wgsl",
          workgroups: [300, 1],
          work: [
            { owner: { type: "block", kind: "dense", path: "hidden" }, phase: "gradient", ops: ["matmul", "mul"] },
            { owner: { type: "weight", path: "hidden/kernel" }, phase: "update", ops: ["sub"] },
            { owner: null, phase: "forward", ops: ["mean"] },
          ],
        },
      ],
    },
  ],
  dispatchText: "@compute @workgroup_size(64)",
  timeDispatch: { milliseconds: 0.25, method: "timestamps", runs: 16 },
  checkDispatch: {
    against: "CPU float32",
    compared: 12,
    equal: 11,
    largestUlp: {
      ulp: Infinity,
      absolute: Infinity,
      op: "exp",
      shape: [3, 4],
      index: [1, 2],
      actual: NaN,
      expected: 1,
    },
    largestAbsolute: null,
    relative: Infinity,
    verdict: "different",
  },
  deviceInfo: [device],
  useDevice: null,
};

test.each(Object.entries(answers))(
  "an honest answer to %s is accepted unchanged, and for no other request",
  (request, value) => {
    expect(checkResponse(request as keyof Responses, value)).toEqual(value);
    // Some kinds of request have answers of the same type.
    const alike = [
      ["weight", "setWeight"],
      ["compareWeights", "loadWeights"],
      ["initialize", "useDevice"],
    ].find((kinds) => kinds.includes(request)) ?? [request];
    const takers = Object.keys(answers).filter((one) => checkResponse(one as keyof Responses, value) !== undefined);
    expect(takers).toEqual(alike);
  },
);

function output(shown: object) {
  return { type: "event", event: { kind: "output", cell: "a", run: 1, output: shown } };
}

const hostile: [about: string, data: unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["text", "ready"],
  ["a number", 1],
  ["a list", [messages[1]]],
  ["an unknown type", { type: "html", html: "<img>" }],
  ["an inherited property as a type", { type: "__proto__" }],
  ["an id that is not a number", { type: "response", id: "1", ok: true, value: null }],
  ["an id with a fraction", { type: "response", id: 1.5, ok: true, value: null }],
  ["an ok that is not a boolean", { type: "response", id: 1, ok: 1, value: null }],
  ["an error without a message", { type: "response", id: 1, ok: false, error: { name: "x" } }],
  [
    "a message that is an object",
    { type: "response", id: 1, ok: false, error: { name: "x", message: { toString: 1 } } },
  ],
  ["an unknown event", { type: "event", event: { kind: "navigate", to: "http://a.example" } }],
  ["an unknown output", output({ type: "html", text: "<b>" })],
  ["a text that is a list", output({ type: "text", text: ["a"] })],
  ["a text beyond the limit", output({ type: "text", text: "x".repeat(200_001) })],
  ["an error message beyond the limit", output({ type: "error", error: { name: "x", message: "x".repeat(10_001) } })],
  [
    "a tensor with more values than a snapshot",
    output({ type: "tensor", tensor: { ...tensor, values: new Array(4097).fill(0) } }),
  ],
  ["more tensors than are shown", output({ type: "tensors", tensors: Array.from({ length: 65 }, () => tensor) })],
  ["values that are strings", output({ type: "tensor", tensor: { ...tensor, values: ["1"] } })],
  ["values in a typed array", output({ type: "tensor", tensor: { ...tensor, values: new Float32Array(2) } })],
  ["a rank beyond the limit", output({ type: "tensor", tensor: { ...tensor, shape: new Array(9).fill(1) } })],
  ["a negative length", output({ type: "tensor", tensor: { ...tensor, shape: [-1] } })],
  ["a length that is not a number", output({ type: "tensor", tensor: { ...tensor, shape: [NaN] } })],
  ["an unknown dtype", output({ type: "tensor", tensor: { ...tensor, dtype: "complex64" } })],
  ["images with fewer bytes than declared", output({ type: "images", images: { ...images, width: 1000 } })],
  ["images with four channels", output({ type: "images", images: { ...images, channels: 4 } })],
  ["more images than the page shows", output({ type: "images", images: { ...images, count: 1e6, height: 0 } })],
  ["a plot without series", output({ type: "plot", plot: { ...plot, series: [] } })],
  ["a series of a different length", output({ type: "plot", plot: { ...plot, series: [{ name: "s", y: [1] }] } })],
  ["positions that are not in ascending order", output({ type: "plot", plot: { ...plot, x: [1, 0] } })],
  ["a position that is not finite", output({ type: "plot", plot: { ...plot, x: [0, Infinity] } })],
  ["names for only some positions", output({ type: "plot", plot: { ...plot, categories: ["a"] } })],
  ["an unknown kind of plot", output({ type: "plot", plot: { ...plot, kind: "pie" } })],
  [
    "more series than the page draws",
    output({ type: "plot", plot: { ...plot, series: Array.from({ length: 17 }, () => plot.series[0]) } }),
  ],
  ["an unknown state of training", output({ type: "progress", training: 1, progress: { ...progress, state: "x" } })],
  [
    "more values per epoch than are shown",
    output({
      type: "progress",
      training: 1,
      progress: { ...progress, logs: Object.fromEntries(Array.from({ length: 51 }, (_, key) => [key, 0])) },
    }),
  ],
  ["more devices than the limit", output({ type: "devices", devices: Array.from({ length: 65 }, () => device) })],
  ["pixels in a list", output({ type: "images", images: { ...images, pixels: [0, 0] } })],
  ["a ready message without a catalogue", { type: "ready", devices: [], gpu: "ready" }],
  [
    "a catalogue with a deeply nested default",
    { ...messages[0], catalogue: { ...catalogue, blocks: [{ ...kind, fields: [{ ...field, default: deep(50) }] }] } },
  ],
  [
    "a location that is far outside",
    { type: "event", event: { kind: "lateError", error: { ...error, place: { cell: "a", line: -1, column: 1 } } } },
  ],
];

function deep(levels: number): unknown {
  return levels === 0 ? null : [deep(levels - 1)];
}

test.each(hostile)("%s is not a message", (_, data) => {
  expect(checkMessage(data)).toBeUndefined();
});

test("unknown keys are removed, and prototypes stay clean", () => {
  const data = JSON.parse(
    '{"type":"event","event":{"kind":"lateError","error":{"name":"Error","message":"late"},"extra":1},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  );
  const message = checkMessage(data);
  expect(message).toEqual({ type: "event", event: { kind: "lateError", error: { name: "Error", message: "late" } } });
  expect(Object.keys(message!)).toEqual(["type", "event"]);
  expect("polluted" in {}).toBe(false);
});

test("limits named like inherited keys of objects are rejected", () => {
  const limits = JSON.parse('{"__proto__": 1, "maxBufferSize": 2}');
  const [checked] = checkResponse("deviceInfo", [{ ...device, limits }])!;
  expect(Object.getPrototypeOf(checked!.limits)).toBe(Object.prototype);
  expect(Object.keys(checked!.limits)).toEqual(["maxBufferSize"]);
});

test("endlessly nested blocks are rejected, not traversed", () => {
  let root: object = { ...block };
  for (let level = 0; level < 200; level++) root = { ...block, children: [root] };
  expect(checkResponse("models", [{ variable: "net", root }])).toBeUndefined();
});

test("a block that contains itself is rejected", () => {
  const root = { ...block, children: [] as unknown[] };
  root.children.push(root);
  expect(checkResponse("models", [{ variable: "net", root }])).toBeUndefined();
});

test("for a file, a text and a rejection by load are accepted; excess values and unknown formats are not", () => {
  const report = answers.inspectFile as object;
  const values = answers.fileTensor as object;
  const text = { kind: "text", text: "a", truncated: true };
  const refused = { ...values, loads: { problem: "too large" } };
  expect([checkResponse("inspectFile", text), checkResponse("fileTensor", refused)]).toEqual([text, refused]);
  const none = [
    checkResponse("inspectFile", { ...report, format: "<b>npz</b>" }),
    checkResponse("inspectFile", { ...report, tensors: Array.from({ length: 1001 }, () => fileTensor) }),
    checkResponse("inspectFile", { ...report, tensors: [{ ...fileTensor, first: new Array(9).fill(0) }] }),
    checkResponse("fileTensor", { ...values, values: [1, 2] }),
    checkResponse("fileTensor", { ...values, values: new Float64Array(2 ** 20 + 1) }),
    checkResponse("fileTensor", { ...values, loads: {} }),
  ];
  expect(none).toEqual(none.map(() => undefined));
});

const paths: [path: string, asset: boolean, file: boolean][] = [
  ["data/digits-images.idxz", true, true],
  ["data/a/b.c.bin", true, true],
  ["mlp.params", false, true],
  ["权重 1.npz", false, true],
  ["folder/x.npy", false, true],
  ["", false, false],
  ["/etc/passwd", false, false],
  ["data/../index.html", false, false],
  ["data/..", false, false],
  ["data//x", false, false],
  ["data/%2e%2e/x", false, true],
  ["data/x?y", false, false],
  ["data/x#y", false, true],
  ["data\\x", false, false],
  ["http://a.example/x", false, false],
  ["//a.example/x", false, false],
  ["data:text/html,x", false, false],
  ["../x", false, false],
  ["a/./b", false, false],
  ["a\u0000b", false, false],
  ["a\nb", false, false],
  ["x".repeat(201), false, false],
  ["data/.hidden", false, true],
];

test.each(paths)("the path %j: as an asset %s, as a file %s", (path, asset, file) => {
  const bytes = new Uint8Array(1);
  expect([
    checkHostRequest({ kind: "readAsset", path }) !== undefined,
    checkHostRequest({ kind: "readFile", path }) !== undefined,
    checkHostRequest({ kind: "writeFile", path, bytes }) !== undefined,
    checkHostRequest({ kind: "deleteFile", path }) !== undefined,
  ]).toEqual([asset, file, file, file]);
});

test("a host request of unknown kind or without bytes is invalid", () => {
  const none = [
    undefined,
    null,
    { kind: "fetch", path: "data/x" },
    { kind: "writeFile", path: "x", bytes: [1] },
    { kind: "readFile" },
  ];
  expect(none.map(checkHostRequest)).toEqual(none.map(() => undefined));
});
