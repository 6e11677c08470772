/** The list of initializers. */
import { constant } from "./constant";
import { glorotNormal } from "./glorotNormal";
import { glorotUniform } from "./glorotUniform";
import { heNormal } from "./heNormal";
import { heUniform } from "./heUniform";
import { identity } from "./identity";
import { lecunNormal } from "./lecunNormal";
import { lecunUniform } from "./lecunUniform";
import { ones } from "./ones";
import { orthogonal } from "./orthogonal";
import { randomNormal } from "./randomNormal";
import { randomUniform } from "./randomUniform";
import { truncatedNormal } from "./truncatedNormal";
import { varianceScaling } from "./varianceScaling";
import { zeros } from "./zeros";

export const initializers = {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
};
