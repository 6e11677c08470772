import { checkOp, type OpName } from "../../testing/checkOp";
import { opCases } from "../../testing/opCases";

for (const [name, opCase] of Object.entries(opCases)) checkOp(name as OpName, opCase);
