/** All data sets. A data set has one file and one line here. */
export { circles } from "./circles";
export { digits } from "./digits";
export { fashionMnist } from "./fashionMnist";
export { gaussians } from "./gaussians";
export { iris } from "./iris";
export { moons } from "./moons";
export { plane } from "./plane";
export { spiral } from "./spiral";
export { xor } from "./xor";
