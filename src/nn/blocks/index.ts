/** All layers: one file and one line each. The function that creates a layer carries its `info`. */
/** Every built-in block: one file and one line each. The function that makes it carries its `info`. */
export { sequential } from "./sequential";
export { dense } from "./dense";
export { conv2d } from "./conv2d";
export { depthwiseConv2d } from "./depthwiseConv2d";
export { embedding } from "./embedding";
export { multiHeadAttention } from "./multiHeadAttention";
export { simpleRnn } from "./simpleRnn";
export { gru } from "./gru";
export { lstm } from "./lstm";
export { batchNorm } from "./batchNorm";
export { layerNorm } from "./layerNorm";
export { activation } from "./activation";
export { leakyRelu } from "./leakyRelu";
export { elu } from "./elu";
export { prelu } from "./prelu";
export { dropout } from "./dropout";
export { flatten } from "./flatten";
export { reshape } from "./reshape";
export { maxPool2d } from "./maxPool2d";
export { avgPool2d } from "./avgPool2d";
export { globalAvgPool2d } from "./globalAvgPool2d";
