/** Plain-data description of a case, from which it can be printed and rebuilt. */
import type { Json } from "../../base/info";

export interface DrawnCall {
  kind: string;
  args: Json[];
}

/** A built-in layer, or a block of `ownBlocks.ts` around others. */
export interface LayerPlan extends DrawnCall {
  of?: LayerPlan[];
}

export interface ModelPlan {
  /** Shape of one row. */
  input: number[];
  /** Exclusive upper bound of integer inputs; 0 for real inputs. */
  vocabulary: number;
  layers: LayerPlan[];
  /** Shape of one prediction. */
  output: number[];
}

export interface LossPlan {
  kind: string;
  options: { [name: string]: Json };
}

export interface OptimizerPlan {
  kind: string;
  options: { [name: string]: Json };
  schedule?: DrawnCall;
}

export interface FitAction {
  do: "fit";
  epochs: number;
  batchSize: number;
  shuffle: boolean;
  validation: "none" | "split" | "data";
  weighted: boolean;
  /** Epochs after which the control stops the run; 0 for never. */
  stopAfter: number;
  /** Steps after which the run is paused and resumed; 0 for never. */
  pauseAfter: number;
}

export type SessionAction =
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
  actions: SessionAction[];
  fate: Fate;
  /** Actions on a model that is used again after many other cases. */
  later: SessionAction[];
}
