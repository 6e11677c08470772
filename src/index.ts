/** Public API of the library: all names that a cell sees. It depends on neither React nor the DOM nor a worker. */
import "./formats/weightFiles";
import "./tensor/ops/methods";
import "./train/blockMethods";

export { Cancelled, CheckError, WeightroomError } from "./base/errors";
export {
  ArgumentError,
  DeviceError,
  DeviceMemoryError,
  DisposedError,
  DTypeError,
  FormatError,
  NotFiniteError,
  ShapeError,
  UnbuiltError,
  WeightsError,
} from "./base/errors";
export { setHost } from "./base/host";
export {
  configureLogicalDevices,
  device,
  deviceInfo,
  devices,
  open,
  tryAllGpus,
  tryGpu,
  withDevice,
} from "./device/open";
export { arange, eye, full, ones, tensor, zeros } from "./tensor/creation";
export { concat } from "./tensor/ops/concat";
export { stack } from "./tensor/ops/stack";
export { stopGradient } from "./tensor/ops/stopGradient";
export { where } from "./tensor/ops/where";
export { allClose } from "./tensor/allClose";
export { Parameter } from "./tensor/parameter";
export { random, setSeed } from "./tensor/randomOps";
export { keep } from "./tensor/scope";
export { Operand, Tensor } from "./tensor/tensor";
export { compileFunction } from "./plan/closures/compileFunction";
export { plans } from "./plan/inspect/planInfo";
export { tidy } from "./plan/closures/tidy";
export { valueAndGrad } from "./plan/closures/valueAndGrad";
export { Block } from "./nn/block/block";
export { recordGraph } from "./nn/block/recordGraph";
export * from "./nn/blocks/index";
export { constant } from "./nn/block/constantField";
export * as initializers from "./nn/initializers/index";
export * as losses from "./nn/losses/index";
export * as metrics from "./nn/metrics/index";
export { Optimizer } from "./nn/define/optimizer";
export * as optimizers from "./nn/optimizers/index";
export * as schedules from "./nn/schedules/index";
export * as callbacks from "./train/callbacks/index";
export { trainingControl, TrainingControl } from "./train/control";
export { mirroredStrategy } from "./train/strategies/mirroredStrategy";
export { load, save } from "./formats/saveAndLoad";
export * as datasets from "./datasets/index";
