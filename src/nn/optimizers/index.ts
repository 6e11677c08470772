/** All optimizers: one file and one line each. */
export { adadelta } from "./adadelta";
export { adagrad } from "./adagrad";
export { adam } from "./adam";
export { adamax } from "./adamax";
export { adamW } from "./adamW";
export { lion } from "./lion";
export { nadam } from "./nadam";
export { rmsprop } from "./rmsprop";
export { sgd } from "./sgd";
