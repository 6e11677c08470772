/** Every one of the optimizers: one file and one line each. */
export { adam } from "./adam";
export { sgd } from "./sgd";
