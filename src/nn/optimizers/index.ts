/** The list of optimizers. */
import { adam } from "./adam";
import { sgd } from "./sgd";

export const optimizers = { adam, sgd };
