/** Every dataset: one file and one line each. */
export { circles } from "./circles";
export { digits } from "./digits";
export { fashionMnist } from "./fashionMnist";
export { gaussians } from "./gaussians";
export { iris } from "./iris";
export { moons } from "./moons";
export { plane } from "./plane";
export { spiral } from "./spiral";
export { xor } from "./xor";
