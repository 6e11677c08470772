/** All initializers: one file and one line each. */
export { constant } from "./constant";
export { glorotNormal } from "./glorotNormal";
export { glorotUniform } from "./glorotUniform";
export { heNormal } from "./heNormal";
export { heUniform } from "./heUniform";
export { identity } from "./identity";
export { lecunNormal } from "./lecunNormal";
export { lecunUniform } from "./lecunUniform";
export { ones } from "./ones";
export { orthogonal } from "./orthogonal";
export { randomNormal } from "./randomNormal";
export { randomUniform } from "./randomUniform";
export { truncatedNormal } from "./truncatedNormal";
export { varianceScaling } from "./varianceScaling";
export { zeros } from "./zeros";
