/**
 * Every message between the page and a session, as types and nothing else.
 *
 * Page and session talk over one MessagePort. What a session sends is treated as
 * an attacker's: `client.ts` validates it on arrival, and nothing in it is ever
 * rendered as HTML. Arrays travel as transferables.
 */
import type { DType } from "../base/dtype";
import type { Json, KindInfo, Localized } from "../base/info";
import type { FileEntry } from "../base/host";
import type { PartialShape, Shape } from "../base/shape";
import type { DeviceDescription } from "../device/backend";
import type { GpuState } from "../device/open";
import type { PartTime, ProgramPart } from "../device/program";
import type { WeightRow } from "../formats/weights";
import type { SummaryRow, SummaryTotals } from "../nn/summary";
import type { DispatchCheck } from "../plan/checkDispatch";
import type { Phase } from "../tensor/origin";
import type { Progress } from "../train/progress";

export type { FileEntry } from "../base/host";
export type { FieldInfo, Json, KindInfo, Localized } from "../base/info";
export type { DeviceDescription } from "../device/backend";
export type { GpuState } from "../device/open";
export type { WeightRow } from "../formats/weights";
export type { PartTime } from "../device/program";
export type { SummaryRow, SummaryTotals } from "../nn/summary";
export type { DispatchCheck } from "../plan/checkDispatch";
export type { Phase } from "../tensor/origin";
export type { Progress } from "../train/progress";

// ---------------------------------------------------------------- page -> session

export type ToSession =
  | { type: "request"; id: number; request: Request }
  | { type: "hostResponse"; id: number; ok: true; value: HostValue }
  | { type: "hostResponse"; id: number; ok: false; error: SessionError };

export type Request =
  /** Runs a cell. Outputs come as events, the response when it ended. */
  | { kind: "run"; cell: string; run: number; source: string }
  /** Asks running library calls to reject with `Cancelled`. Answered at once if the session is alive. */
  | { kind: "cancel" }
  /** The models in scope: top-level names whose value is a Block. */
  | { kind: "models" }
  /** The classes of blocks that cells have declared. */
  | { kind: "classes" }
  /** All values of a weight (the answer's buffer is transferred). */
  | { kind: "weight"; model: string; path: string }
  /** Writes one element of a weight. */
  | { kind: "setWeight"; model: string; path: string; index: number[]; value: number }
  /** Draws a model's weights again: with the keys they had, or from a new seed. */
  | { kind: "initialize"; model: string; seed?: number }
  /** A model's weights as a safetensors file. */
  | { kind: "saveWeights"; model: string }
  /** How a weight file of any format fits a model. Changes nothing. */
  | { kind: "compareWeights"; model: string; bytes: Uint8Array }
  /** Loads a weight file, strictly: a mismatch is an error and changes nothing. */
  | { kind: "loadWeights"; model: string; bytes: Uint8Array }
  /** What a file of the notebook's folder holds. Makes nothing and changes nothing. */
  | { kind: "inspectFile"; path: string; bytes: Uint8Array }
  /** The values of one of its tensors, by its place in that report. */
  | { kind: "fileTensor"; path: string; bytes: Uint8Array; index: number }
  /** Pauses a run of `fit`, lets it go on, or ends it. `found`: it had not ended. */
  | { kind: "training"; training: number; action: TrainingAction }
  /** The plans that a block took part in, the last first; or those of these numbers. */
  | { kind: "plans"; of: { model: string; path: string } | { ids: number[] } }
  /** The very text of a dispatch. */
  | { kind: "dispatchText"; plan: number; dispatch: number }
  /** Measures a dispatch on copies. */
  | { kind: "timeDispatch"; plan: number; dispatch: number }
  /** Runs a dispatch on copies and on the CPU, and compares. */
  | { kind: "checkDispatch"; plan: number; dispatch: number }
  | { kind: "deviceInfo" }
  /** Makes a device the one that tensors are made on where no other is named. */
  | { kind: "useDevice"; device: string };

export type TrainingAction = "pause" | "resume" | "step" | "stepEpoch" | "stop";

/** What each request resolves to. */
export interface Responses {
  run: RunResult;
  cancel: { running: boolean };
  models: ModelDescription[];
  classes: ClassDescription[];
  weight: WeightValues;
  setWeight: WeightValues;
  initialize: null;
  saveWeights: Uint8Array;
  compareWeights: WeightRow[];
  loadWeights: WeightRow[];
  inspectFile: FileReport;
  fileTensor: FileTensorValues;
  training: { found: boolean };
  plans: PlanDescription[];
  dispatchText: string;
  timeDispatch: PartTime;
  checkDispatch: DispatchCheck;
  deviceInfo: DeviceDescription[];
  useDevice: null;
}

// ---------------------------------------------------------------- session -> page

export type FromSession =
  | { type: "ready"; catalogue: Catalogue; devices: DeviceDescription[]; gpu: GpuState }
  | { type: "response"; id: number; ok: true; value: Responses[keyof Responses] }
  | { type: "response"; id: number; ok: false; error: SessionError }
  | { type: "event"; event: SessionEvent }
  | { type: "hostRequest"; id: number; request: HostRequest };

export type SessionEvent =
  /** Something a cell printed or showed, in order. */
  | { kind: "output"; cell: string; run: number; output: Output }
  /** An error after its cell had ended (a timer, an unawaited promise). */
  | { kind: "lateError"; error: SessionError }
  /** What the session saw change: the page asks anew for what it shows. */
  | { kind: "changed"; what: "models" | "devices" };

/** What only the page can do for a session. Paths are names in the notebook's folder. */
export type HostRequest =
  /** A file of the app itself (`data/...`), never another URL. */
  | { kind: "readAsset"; path: string }
  | { kind: "readFile"; path: string }
  | { kind: "writeFile"; path: string; bytes: Uint8Array }
  | { kind: "listFiles" }
  | { kind: "deleteFile"; path: string };

export type HostValue = Uint8Array | FileEntry[] | null;

// ---------------------------------------------------------------- what they carry

export interface RunResult {
  status: "ok" | "error" | "cancelled";
  durationMs: number;
  error?: SessionError;
  /** Top-level names that the cell declared. */
  declared: string[];
  /** Compiled steps that it ran; absent where there are none. */
  plans?: PlanUse[];
  /** Closures in it that were computed in parts, since they await values; absent where there are none. */
  splits?: PlanSplit[];
}

/** A plan, and how often a run took its step. */
export interface PlanUse {
  id: number;
  /** Where it was recorded: `minimize()`. */
  closure: string;
  device: string;
  dispatches: number;
  steps: number;
}

export interface PlanSplit {
  closure: string;
  parts: number;
  /** Where the first value was awaited. */
  place?: SessionPlace;
}

/** Where in a cell's own source: lines and columns from 1. */
export interface SessionPlace {
  cell: string;
  line: number;
  column: number;
}

export interface SessionError {
  name: string;
  message: string;
  at?: string;
  expected?: string;
  got?: string;
  remedy?: string;
  place?: SessionPlace;
}

/**
 * What a cell shows. All of it is a snapshot that outlives the session.
 * `printed`: `print` showed it, so that a file keeps it as text on stdout.
 */
export type Output =
  /** What one `print` wrote, with the line break that ends it; `level` for what `console.warn` and `console.error` did. */
  | { type: "text"; text: string; level?: TextLevel }
  /** The value of a last expression that has no picture of its own. */
  | { type: "value"; text: string }
  | { type: "tensor"; tensor: TensorSnapshot; printed?: boolean }
  /** A list of tensors, or tensors by name: weights, gradients. */
  | { type: "tensors"; tensors: TensorSnapshot[]; printed?: boolean }
  | { type: "images"; images: ImagesSnapshot; printed?: boolean }
  | { type: "plot"; plot: PlotSnapshot; printed?: boolean }
  | { type: "devices"; devices: DeviceDescription[]; printed?: boolean }
  | { type: "summary"; summary: SummaryRow[]; totals: SummaryTotals; printed?: boolean }
  | { type: "weights"; rows: WeightRow[]; printed?: boolean }
  /** How far a run of `fit` is. Takes the place of what its cell showed of the same run before. */
  | { type: "progress"; training: number; progress: Progress; printed?: boolean }
  | { type: "check"; passed: boolean; message: string }
  | { type: "error"; error: SessionError };

export type TextLevel = "warning" | "error";

export interface TensorSnapshot {
  /** A parameter's path, or what it is called where it was found. */
  name?: string;
  shape: Shape;
  dtype: DType;
  device: string;
  /** The first elements in row-major order, at most `maxSnapshotValues` (`sizes.ts`). */
  values: number[];
  /** True if `values` is not all of them. */
  truncated: boolean;
  statistics: Statistics;
}

/** `min` to `std` are of the finite values, NaN where there are none. */
export interface Statistics {
  size: number;
  min: number;
  max: number;
  mean: number;
  /** The population's. */
  std: number;
  zeros: number;
  nan: number;
  infinite: number;
  /** Counts of `histogram.length` equal bins from min to max; one bin where all are equal, none for no values. */
  histogram: number[];
}

/** Grey (channels 1) or RGB (3) images, with what is known and said of them. */
export interface ImagesSnapshot {
  count: number;
  height: number;
  width: number;
  channels: 1 | 3;
  /** count * height * width * channels bytes. */
  pixels: Uint8Array;
  classNames: string[];
  /** The true class of each image; empty if unknown. */
  labels: number[];
  /** What a network says: softmax of its scores, `[count][classes]`; empty if none was asked. */
  probabilities: number[][];
}

export type PlotKind = "line" | "bar" | "points";

/** A diagram: every series has a value for each of `x`, which ascends. A value that is not finite is a gap. */
export interface PlotSnapshot {
  kind: PlotKind;
  title: string;
  xLabel: string;
  yLabel: string;
  logX: boolean;
  logY: boolean;
  x: number[];
  /** Texts in place of the numbers of `x`, which then are 0, 1, 2, ...; empty if there are none. */
  categories: string[];
  series: { name: string; y: number[] }[];
}

export interface ModelDescription {
  /** The variable that holds it. */
  variable: string;
  root: BlockDescription;
}

/** A class of blocks that a cell has declared. Its source in the notebook says more: this is what the session knows of it. */
export interface ClassDescription {
  /** The variable that holds it. */
  variable: string;
  /** Its code without types, then that of the classes of cells that it extends; at most `maxParents` in all. */
  texts: string[];
}

export interface BlockDescription {
  /** The catalogue's id of the block ("dense"), or the class's name for one written in a cell. */
  kind: string;
  /** "" for the model itself. */
  path: string;
  name: string;
  /** Values of the fields that the kind's `info` declares. */
  fields: { [field: string]: Json };
  built: boolean;
  inputShape: PartialShape | null;
  outputShape: PartialShape | null;
  /** Elements of its weights and of all in it, each counted once. */
  count: number;
  trainable: boolean;
  weights: WeightDescription[];
  children: BlockDescription[];
}

export interface WeightDescription {
  path: string;
  name: string;
  shape: Shape;
  dtype: DType;
  device: string;
  trainable: boolean;
  /** Kept and saved, but computed and never trained: a running mean. */
  state: boolean;
  /** Other paths to the same weight. */
  aliases: string[];
}

export interface WeightValues {
  weight: WeightDescription;
  values: Float32Array | Int32Array | Uint8Array;
  statistics: Statistics;
  /** How it was drawn: the initializer's id and options; null if it was set since. */
  initializer: { kind: string; fields: { [field: string]: Json } } | null;
}

/** A compiled step. */
export interface PlanDescription {
  /** Its number in the session. */
  id: number;
  closure: string;
  device: string;
  /** How often it ran so far. */
  steps: number;
  /** False once its memory was freed: then it can be read, but not tried. */
  live: boolean;
  dispatches: DispatchDescription[];
}

export interface DispatchDescription {
  /** True if the block that was asked for, or a block in it, took part. */
  own: boolean;
  language: ProgramPart["language"];
  /** In two dimensions; null on the CPU. */
  workgroups: [x: number, y: number] | null;
  work: DispatchWork[];
}

/** Ops of a dispatch that are there for one block, or for one weight's update. */
export interface DispatchWork {
  /** `kind` as in `BlockDescription`. Null for ops outside of blocks. */
  owner: { type: "block"; kind: string; path: string } | { type: "weight"; path: string } | null;
  phase: Phase;
  ops: string[];
}

/** What was found in a file: tensors, or a text. */
export type FileReport =
  | {
      kind: "tensors";
      format: Localized;
      /** What `load` makes of it. */
      holds: "tensor" | "list" | "dictionary";
      /** How many there are; `tensors` are the first of them, at most `maxFileTensors`. */
      count: number;
      tensors: FileTensorEntry[];
    }
  /** The beginning of a text. */
  | { kind: "text"; text: string; truncated: boolean };

export interface FileTensorEntry {
  /** "" for the one tensor of a file that has no names. */
  name: string;
  shape: Shape;
  /** As NumPy calls it: what is in the file, not what a device would make of it. */
  dtype: string;
  bytes: number;
  /** The first few values; empty where the dtype has none that can be shown. */
  first: number[];
}

export interface FileTensorValues extends FileTensorEntry {
  /** The first elements in row-major order, at most `maxFileValues`. */
  values: Float64Array;
  statistics: Statistics;
  /** The dtype that `load` gives it, or why it refuses it. */
  loads: { dtype: DType } | { problem: string };
}

/** Every kind that the session knows, as plain data, for palette and inspector. */
export interface Catalogue {
  blocks: KindInfo[];
  initializers: KindInfo[];
  optimizers: KindInfo[];
  schedules: KindInfo[];
  losses: KindInfo[];
  metrics: KindInfo[];
  datasets: KindInfo[];
  ops: KindInfo[];
}

// ---------------------------------------------------------------- page <-> frame

/** Page to sandbox.html. Each message is answered by `alive` with its id. */
export type ToFrame =
  /** Ends the worker, if there is one, and starts another from `source`, which is handed the message's port. */
  { type: "start"; id: number; source: string } | { type: "stop"; id: number } | { type: "ping"; id: number };

export type FromFrame =
  | { type: "alive"; id: number }
  /** The worker that `start` with this id began had an error that nothing in it caught. */
  | { type: "failed"; id: number; message: string };
