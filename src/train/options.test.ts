import { expect, test } from "vitest";
import { dense } from "../nn/blocks/dense";
import { checkFitOptions } from "./fitOptions";
import { trainingConfigOf, setTrainingConfig } from "./trainingConfig";

test("a mistyped option of compile is refused, and the previous settings stay in force", () => {
  const net = dense(1);
  setTrainingConfig(net, { optimizer: "sgd", loss: "meanSquaredError" });
  const before = trainingConfigOf(net, "fit()");
  const wrong = { optimizer: "adam", loss: "meanSquaredError", metric: ["accuracy"] };
  expect(() => setTrainingConfig(net, wrong)).toThrow(
    "compile(): expected options optimizer, loss, metrics, got metric. Did you mean `metrics`?",
  );
  expect(trainingConfigOf(net, "fit()")).toBe(before);
});

test("a mistyped option of fit is refused with the similar one", () => {
  expect(() => checkFitOptions({ epoch: 3 } as object)).toThrow("got epoch. Did you mean `epochs`?");
});
