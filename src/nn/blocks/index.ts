/** Every built-in block: one file and one line each. The function that makes it carries its `info`. */
export { activation } from "./activation";
export { dense } from "./dense";
export { dropout } from "./dropout";
export { flatten } from "./flatten";
export { sequential } from "./sequential";
