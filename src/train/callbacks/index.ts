/** Every one of the callbacks: one file and one line each. */
export { earlyStopping } from "./earlyStopping";
export { stopAtTarget } from "./stopAtTarget";
