/** All callbacks. A callback has one file and one line here. */
export { earlyStopping } from "./earlyStopping";
export { stopAtTarget } from "./stopAtTarget";
