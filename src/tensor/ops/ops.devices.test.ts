import { expect, test } from "vitest";
import { checkedOps, checkOp, type OpName } from "../../testing/checkOp";
import { Operand } from "../tensor";
import * as ops from "./index";
import "./methods";
import { opCases } from "../../testing/opCases";

for (const [name, opCase] of Object.entries(opCases)) checkOp(name as OpName, opCase);

test("every op has a description and a check, and is a method unless it takes a list", () => {
  const wrong = Object.entries(ops).filter(([name, { op }]) => {
    const isMethod = Object.hasOwn(Operand.prototype, name);
    const takesList = name === "concat" || name === "stack";
    return (
      op.name !== name || !/^[A-Z].*\.$/.test(op.info.description) || !checkedOps.has(name) || isMethod === takesList
    );
  });
  expect(wrong).toEqual([]);
});
