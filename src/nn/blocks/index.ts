/** The list of built-in blocks: the function that makes each, and its class with its `info`. */
import { activation, ActivationLayer } from "./activation";
import { dense, Dense } from "./dense";
import { dropout, Dropout } from "./dropout";
import { flatten, Flatten } from "./flatten";
import { sequential, Sequential } from "./sequential";

export const blockFunctions = { dense, flatten, activation, dropout, sequential };

export const blockClasses = [Dense, Flatten, ActivationLayer, Dropout, Sequential];
