/** What a case is made of: plain data, so that it can be told and made again. */
import type { Json } from "../../base/info";

export interface Made {
  kind: string;
  args: Json[];
}

/** A built-in layer, or one of `ownBlocks.ts` around others. */
export interface LayerPlan extends Made {
  of?: LayerPlan[];
}

export interface ModelPlan {
  /** Of one example. */
  input: number[];
  /** Inputs are whole numbers below it; 0: they are real numbers. */
  vocabulary: number;
  layers: LayerPlan[];
  /** Of one prediction. */
  output: number[];
}

export interface LossPlan {
  kind: string;
  options: { [name: string]: Json };
}

export interface OptimizerPlan {
  kind: string;
  options: { [name: string]: Json };
  schedule?: Made;
}

export interface FitAction {
  do: "fit";
  epochs: number;
  batchSize: number;
  shuffle: boolean;
  validation: "none" | "split" | "data";
  weighted: boolean;
  /** Ended by its control after so many epochs; 0: not at all. */
  stopAfter: number;
  /** Paused and let go on after so many steps; 0: not at all. */
  pauseAfter: number;
}

export type Action =
  | FitAction
  | { do: "evaluate" | "predict"; batchSize: number }
  | { do: "minimize"; steps: number; keepGradients: boolean }
  | { do: "gradients"; training: boolean; times: number }
  | { do: "compile function"; replay: boolean; rows: number[] }
  | { do: "eager ops"; seed: number; tidy: boolean }
  | { do: "save and load"; extension: string; into: "itself" | "another" | "one not built" }
  | { do: "stop"; during: "fit" | "evaluate" | "predict" | "minimize"; afterTurns: number }
  | { do: "freeze"; layer: number; steps: number }
  | { do: "move there and back" }
  | { do: "look at plans" }
  | { do: "compile anew"; optimizer: OptimizerPlan };

export type Fate = "freed" | "dropped" | "kept" | "used again";

export interface Case {
  seed: number;
  family: string;
  model: ModelPlan;
  rows: number;
  loss: LossPlan;
  metrics: string[];
  optimizer: OptimizerPlan;
  actions: Action[];
  fate: Fate;
  /** What is done with it after many others, where it is used again. */
  later: Action[];
}
