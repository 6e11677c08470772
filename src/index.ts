/** The library's face: all that a cell sees. It knows no React, no DOM and no worker. */
import "./formats/weightFiles";

export { Cancelled, CheckError, WeightroomError } from "./base/errors";
export { ArgumentError, DeviceError, DeviceMemoryError, DisposedError, DTypeError, FormatError, ShapeError, UnbuiltError, WeightsError } from "./base/errors";
export { setHost } from "./base/host";
export { configureLogicalDevices, device, deviceInfo, devices, open, tryAllGpus, tryGpu, withDevice } from "./device/open";
export { arange, eye, full, ones, tensor, zeros } from "./tensor/creation";
export { Parameter } from "./tensor/parameter";
export { keep } from "./tensor/scope";
export { Operand, Tensor } from "./tensor/tensor";
export { tidy } from "./plan/tidy";
export { valueAndGrad } from "./plan/valueAndGrad";
export { Block } from "./nn/block";
export { activation } from "./nn/blocks/activation";
export { dense } from "./nn/blocks/dense";
export { dropout } from "./nn/blocks/dropout";
export { flatten } from "./nn/blocks/flatten";
export { sequential } from "./nn/blocks/sequential";
export { constant } from "./nn/constant";
export { initializers } from "./nn/initializers/index";
export { losses } from "./nn/losses/index";
export { optimizers } from "./nn/optimizers/index";
