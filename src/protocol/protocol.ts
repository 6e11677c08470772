/**
 * Every message between page and session; this file contains only types.
 *
 * Page and session communicate over one MessagePort. Data from a session is treated as an attacker's: `client.ts`
 * validates it on arrival, and nothing in it is ever rendered as HTML. Arrays are transferred.
 */
import type { DType } from "../base/dtype";
import type { FileEntry } from "../base/host";
import type { Json, KindInfo, Localized } from "../base/info";
import type { PartialShape, Shape } from "../base/shape";
import type { DeviceDescription } from "../device/backend";
import type { GpuState } from "../device/open";
import type { PartTime, ProgramPart } from "../device/program";
import type { WeightRow } from "../formats/weights";
import type { SummaryRow, SummaryTotals } from "../nn/block/summary";
import type { DispatchCheck } from "../plan/inspect/checkDispatch";
import type { Phase } from "../tensor/workOrigin";
import type { Progress } from "../train/run/progress";

export type { FileEntry } from "../base/host";
export type { FieldInfo, Json, KindInfo, Localized } from "../base/info";
export type { DeviceDescription } from "../device/backend";
export type { GpuState } from "../device/open";
export type { WeightRow } from "../formats/weights";
export type { PartTime } from "../device/program";
export type { SummaryRow, SummaryTotals } from "../nn/block/summary";
export type { DispatchCheck } from "../plan/inspect/checkDispatch";
export type { Phase } from "../tensor/workOrigin";
export type { Progress } from "../train/run/progress";

// ---------------------------------------------------------------- page -> session

export type ToSession =
  | { type: "request"; id: number; request: Request }
  | { type: "hostResponse"; id: number; ok: true; value: HostValue }
  | { type: "hostResponse"; id: number; ok: false; error: SessionError };

export type Request =
  /** Runs a cell. Outputs come as events, the response when it has ended. */
  | { kind: "run"; cell: string; run: number; source: string }
  /** Makes running library calls reject with `Cancelled`. Answered at once if the session is alive. */
  | { kind: "cancel" }
  /** Lists the models in scope: top-level names whose value is a Block. */
  | { kind: "models" }
  /** Lists the block classes that cells have declared. */
  | { kind: "classes" }
  /** Reads all values of a weight. The answer's buffer is transferred. */
  | { kind: "weight"; model: string; path: string }
  /** Writes one element of a weight. */
  | { kind: "setWeight"; model: string; path: string; index: number[]; value: number }
  /** Reinitializes a model's weights, with their stored keys or from a new seed. */
  | { kind: "initialize"; model: string; seed?: number }
  /** Returns a model's weights as a safetensors file. */
  | { kind: "saveWeights"; model: string }
  /** Compares a weight file of any format with a model. Changes nothing. */
  | { kind: "compareWeights"; model: string; bytes: Uint8Array }
  /** Loads a weight file strictly: a mismatch is an error and changes nothing. */
  | { kind: "loadWeights"; model: string; bytes: Uint8Array }
  /** Lists the content of a file in the notebook's folder. Creates and changes nothing. */
  | { kind: "inspectFile"; path: string; bytes: Uint8Array }
  /** Reads the values of a tensor in a file, by its index in the answer to `inspectFile`. */
  | { kind: "fileTensor"; path: string; bytes: Uint8Array; index: number }
  /** Pauses, resumes or ends a run of `fit`. The answer's `found` is false if the run had already ended. */
  | { kind: "training"; training: number; action: TrainingAction }
  /** Lists the plans that a block took part in, newest first, or the plans with the given numbers. */
  | { kind: "plans"; of: { model: string; path: string } | { ids: number[] } }
  /** Reads the generated code of a dispatch. */
  | { kind: "dispatchText"; plan: number; dispatch: number }
  /** Measures a dispatch on copies. */
  | { kind: "timeDispatch"; plan: number; dispatch: number }
  /** Runs a dispatch on copies and on the CPU, and compares the results. */
  | { kind: "checkDispatch"; plan: number; dispatch: number }
  | { kind: "deviceInfo" }
  /** Sets the default device. */
  | { kind: "useDevice"; device: string };

export type TrainingAction = "pause" | "resume" | "step" | "stepEpoch" | "stop";

/** The result of each request. */
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
  /** An output that a cell printed or showed, in order. */
  | { kind: "output"; cell: string; run: number; output: Output }
  /** An error after its cell had ended (from a timer or an unawaited promise). */
  | { kind: "lateError"; error: SessionError };

/** Requests that only the page can serve. Paths are names in the notebook's folder. */
export type HostRequest =
  /** A file of the app itself (`data/...`), never another URL. */
  | { kind: "readAsset"; path: string }
  | { kind: "readFile"; path: string }
  | { kind: "writeFile"; path: string; bytes: Uint8Array }
  | { kind: "listFiles" }
  | { kind: "deleteFile"; path: string };

export type HostValue = Uint8Array | FileEntry[] | null;

// ---------------------------------------------------------------- contents of messages

export interface RunResult {
  status: "ok" | "error" | "cancelled";
  durationMs: number;
  error?: SessionError;
  /** Top-level names that the cell declared. */
  declared: string[];
  /** Compiled steps that it ran; absent if there are none. */
  plans?: PlanUse[];
  /** Closures in it that were computed in parts because they await values; absent if there are none. */
  splits?: PlanSplit[];
}

/** A plan, and how many steps of it a run executed. */
export interface PlanUse {
  id: number;
  /** The call that recorded it: `minimize()`. */
  closure: string;
  device: string;
  dispatches: number;
  steps: number;
}

export interface PlanSplit {
  closure: string;
  parts: number;
  /** Location of the first awaited value. */
  place?: SessionPlace;
}

/** A location in a cell's source: lines and columns from 1. */
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
 * An output of a cell: a snapshot that outlives the session. `printed` is true for output of `print`, which notebook
 * files store as text on stdout.
 */
export type Output =
  /** The text of one `print` with its line break; `level` for `console.warn` and `console.error`. */
  | { type: "text"; text: string; level?: TextLevel }
  /** The value of a last expression that has no special form. */
  | { type: "value"; text: string }
  | { type: "tensor"; tensor: TensorSnapshot; printed?: boolean }
  /** A list of tensors, or tensors by name: weights, gradients. */
  | { type: "tensors"; tensors: TensorSnapshot[]; printed?: boolean }
  | { type: "images"; images: ImagesSnapshot; printed?: boolean }
  | { type: "plot"; plot: PlotSnapshot; printed?: boolean }
  | { type: "devices"; devices: DeviceDescription[]; printed?: boolean }
  | { type: "summary"; summary: SummaryRow[]; totals: SummaryTotals; printed?: boolean }
  | { type: "weights"; rows: WeightRow[]; printed?: boolean }
  /** Progress of a `fit` run. Replaces the cell's previous output of the same run. */
  | { type: "progress"; training: number; progress: Progress; printed?: boolean }
  | { type: "check"; passed: boolean; message: string }
  | { type: "error"; error: SessionError };

export type TextLevel = "warning" | "error";

export interface TensorSnapshot {
  /** A parameter's path, or the name under which it was found. */
  name?: string;
  shape: Shape;
  dtype: DType;
  device: string;
  /** The first elements in row-major order, at most `maxSnapshotValues` (`sizes.ts`). */
  values: number[];
  /** True if `values` does not contain all elements. */
  truncated: boolean;
  statistics: Statistics;
}

/** `min` to `std` cover the finite values and are NaN if there are none. */
export interface Statistics {
  size: number;
  min: number;
  max: number;
  mean: number;
  /** The population standard deviation. */
  std: number;
  zeros: number;
  nan: number;
  infinite: number;
  /**
   * Counts of `histogram.length` equal bins from min to max; one bin if all values are equal, none if there are no
   * values.
   */
  histogram: number[];
}

/** Grey (1 channel) or RGB (3 channels) images with labels and predictions. */
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
  /** Predictions: softmax of the scores, `[count][classes]`; empty if there are none. */
  probabilities: number[][];
}

export type PlotKind = "line" | "bar" | "points";

/**
 * A plot: every series has one value per item of `x`, which is in ascending order. A value that is not finite is a gap.
 */
export interface PlotSnapshot {
  kind: PlotKind;
  title: string;
  xLabel: string;
  yLabel: string;
  logX: boolean;
  logY: boolean;
  x: number[];
  /** Category names for `x`, which then is 0, 1, 2, ...; empty if there are none. */
  categories: string[];
  series: { name: string; y: number[] }[];
}

export interface ModelDescription {
  /** The variable that holds it. */
  variable: string;
  root: BlockDescription;
}

/** A block class declared by a cell. The notebook has its full source; this is the session's view of it. */
export interface ClassDescription {
  /** The variable that holds it. */
  variable: string;
  /** Its code without types, followed by that of the classes it extends in cells; at most `maxParents` in total. */
  texts: string[];
}

/** The code that made a block. */
export interface BlockSource {
  cell: string;
  /** Number of the cell's run. */
  run: number;
  /** Offsets in the source that ran, the end exclusive. */
  from: number;
  to: number;
  /** Number of blocks that this code had made before in the same run. */
  index: number;
}

export interface BlockDescription {
  /** The block's kind ("dense"), or the class name for a block declared in a cell. */
  kind: string;
  /** "" for the model itself. */
  path: string;
  name: string;
  /** Values of the fields that the kind's `info` declares. */
  fields: { [field: string]: Json };
  built: boolean;
  inputShape: PartialShape | null;
  outputShape: PartialShape | null;
  /** Number of elements in the weights of the block and its children, each counted once. */
  count: number;
  trainable: boolean;
  weights: WeightDescription[];
  /** Null for a block that no cell's code made: one inside a layer. */
  madeBy: BlockSource | null;
  children: BlockDescription[];
}

export interface WeightDescription {
  path: string;
  name: string;
  shape: Shape;
  dtype: DType;
  device: string;
  trainable: boolean;
  /** Saved but not trained, such as a running mean. */
  state: boolean;
  /** Other paths of the same weight. */
  aliases: string[];
}

export interface WeightValues {
  weight: WeightDescription;
  values: Float32Array | Int32Array | Uint8Array;
  statistics: Statistics;
  /** The initializer's kind and options; null for a function without a kind. */
  initializer: { kind: string; fields: { [field: string]: Json } } | null;
  /** True if the values were edited, loaded or trained since the initializer drew them. */
  edited: boolean;
}

/** A compiled step. */
export interface PlanDescription {
  /** Its number in the session. */
  id: number;
  closure: string;
  device: string;
  /** How many times it has run. */
  steps: number;
  /** False once its memory is freed. Its code can then be read, but not run. */
  live: boolean;
  dispatches: DispatchDescription[];
}

export interface DispatchDescription {
  /** True if the requested block or one of its children took part. */
  own: boolean;
  language: ProgramPart["language"];
  /** In two dimensions; null on the CPU. */
  workgroups: [x: number, y: number] | null;
  work: DispatchWork[];
}

/** Ops of a dispatch that belong to one block or to one weight's update. */
export interface DispatchWork {
  /** `kind` as in `BlockDescription`. Null for ops outside of blocks. */
  owner: { type: "block"; kind: string; path: string } | { type: "weight"; path: string } | null;
  phase: Phase;
  ops: string[];
}

/** Content of a file: tensors, or a text. */
export type FileReport =
  | {
      kind: "tensors";
      format: Localized;
      /** What `load` returns for it. */
      holds: "tensor" | "list" | "dictionary";
      /** The total number of tensors; `tensors` contains the first ones, at most `maxFileTensors`. */
      count: number;
      tensors: FileTensorEntry[];
    }
  /** The beginning of a text. */
  | { kind: "text"; text: string; truncated: boolean };

export interface FileTensorEntry {
  /** "" for the tensor of a file without names. */
  name: string;
  shape: Shape;
  /** NumPy's name for the dtype in the file, before any conversion. */
  dtype: string;
  bytes: number;
  /** The first few values; empty if values of the dtype cannot be shown. */
  first: number[];
}

export interface FileTensorValues extends FileTensorEntry {
  /** The first elements in row-major order, at most `maxFileValues`. */
  values: Float64Array;
  statistics: Statistics;
  /** The dtype that `load` converts it to, or why `load` rejects it. */
  loads: { dtype: DType } | { problem: string };
}

/** All kinds of the session as plain data, for palette and inspector. */
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
  /** Terminates the current worker, if any, and starts a new one from `source`, which receives the message's port. */
  { type: "start"; id: number; source: string } | { type: "stop"; id: number } | { type: "ping"; id: number };

export type FromFrame =
  | { type: "alive"; id: number }
  /** The worker started with this id had an uncaught error. */
  | { type: "failed"; id: number; message: string };
