/** All metrics: one file and one line each. */
export { accuracy } from "./accuracy";
export { binaryAccuracy } from "./binaryAccuracy";
export { categoricalAccuracy } from "./categoricalAccuracy";
export { confusionMatrix } from "./confusionMatrix";
export { f1Score } from "./f1Score";
export { meanAbsoluteError } from "./meanAbsoluteError";
export { meanSquaredError } from "./meanSquaredError";
export { precision } from "./precision";
export { r2Score } from "./r2Score";
export { recall } from "./recall";
export { rootMeanSquaredError } from "./rootMeanSquaredError";
export { sparseCategoricalAccuracy } from "./sparseCategoricalAccuracy";
export { topKAccuracy } from "./topKAccuracy";
