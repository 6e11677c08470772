/** Describes plans as plain data for the page. */
import { ArgumentError } from "../../base/errors";
import { Block } from "../../nn/block/block";
import { walkBlocks, walkWeights } from "../../nn/block/tree";
import { observeSplits } from "../../plan/closures/splits";
import { type PlanDispatch, type PlanInfo, plans } from "../../plan/inspect/planInfo";
import type { Work } from "../../plan/inspect/work";
import type {
  DispatchDescription,
  DispatchWork,
  PlanDescription,
  PlanSplit,
  PlanUse,
  SessionPlace,
} from "../../protocol/protocol";
import { truncate, maxDispatches, maxName, maxPlans, maxSplits, maxWork } from "../../protocol/sizes";
import { Parameter } from "../../tensor/parameter";
import { kindOf } from "./describe";

/** Describes the plans that a block or one of its children took part in, or those with the given numbers. */
export function describePlans(of: Block | readonly number[]): PlanDescription[] {
  if (!(of instanceof Block)) {
    return plans()
      .filter(({ id }) => of.includes(id))
      .slice(0, maxPlans)
      .map((plan) => describePlan(plan, () => false));
  }
  const blocks = new Set<unknown>(walkBlocks(of).entries.map(({ block }) => block));
  const weights = new Set(walkWeights(of).map(({ parameter }) => parameter));
  const isOwn = ({ work, parameters }: PlanDispatch) =>
    work.some(({ owner }) => blocks.has(owner)) || parameters.some((parameter) => weights.has(parameter));
  const found = plans().map((plan) => describePlan(plan, isOwn));
  return found.filter(({ dispatches }) => dispatches.some(({ own }) => own)).slice(0, maxPlans);
}

function describePlan(plan: PlanInfo, isOwn: (dispatch: PlanDispatch) => boolean): PlanDescription {
  const { id, closure, device, steps, isLive } = plan;
  const dispatches = plan.dispatches.slice(0, maxDispatches).map((dispatch): DispatchDescription => {
    const { language, workgroups, work } = dispatch;
    return {
      own: isOwn(dispatch),
      language,
      workgroups: workgroups && [...workgroups],
      work: work.slice(0, maxWork).map(describeWork),
    };
  });
  return { id, closure: truncate(closure, maxName), device, steps, live: isLive, dispatches };
}

function describeWork({ owner, phase, ops }: Work): DispatchWork {
  return { owner: describeOwner(owner), phase, ops: ops.slice(0, maxWork).map((op) => truncate(op, maxName)) };
}

function describeOwner(owner: Work["owner"]): DispatchWork["owner"] {
  if (owner instanceof Block) {
    return { type: "block", kind: truncate(kindOf(owner), maxName), path: truncate(owner.path, maxName) };
  }
  return owner instanceof Parameter ? { type: "weight", path: truncate(owner.path, maxName) } : null;
}

/** @throws ArgumentError for a plan that is no longer in the log. */
export function dispatchOf({ plan, dispatch }: { plan: number; dispatch: number }): PlanDispatch {
  const found = plans().find(({ id }) => id === plan)?.dispatches[dispatch];
  if (found) return found;
  throw new ArgumentError({
    at: "a dispatch",
    expected: "a plan that still exists",
    got: "one that newer plans have replaced",
    remedy: "Run the cell again.",
  });
}

/** Plans that a run used and closures that it computed in parts; absent if there are none. */
interface PlansRun {
  plans?: PlanUse[];
  splits?: PlanSplit[];
}

/**
 * Observes plans from now on. The returned function stops observing and returns what was observed.
 * @param placeOf maps an error to the place in a cell's source where it was created
 */
export function watchPlans(placeOf: (error: Error) => SessionPlace | undefined): () => PlansRun {
  const before = new Map(plans().map(({ id, steps }) => [id, steps]));
  const splits: PlanSplit[] = [];
  const end = observeSplits(({ name, parts, where }) => {
    // The closures of a loop are split in every iteration, each time at the same place.
    const place = placeOf(where);
    const split = { closure: truncate(name, maxName), parts, ...(place && { place }) };
    const known = splits.find((other) => isSameSplit(other, split));
    if (known) known.parts = Math.max(known.parts, parts);
    else if (splits.length < maxSplits) splits.push(split);
  });
  return () => {
    end();
    const used = planUsesSince(before);
    return { ...(used.length > 0 && { plans: used }), ...(splits.length > 0 && { splits }) };
  };
}

function isSameSplit(a: PlanSplit, b: PlanSplit): boolean {
  return a.closure === b.closure && a.place?.line === b.place?.line && a.place?.column === b.place?.column;
}

function planUsesSince(before: ReadonlyMap<number, number>): PlanUse[] {
  const uses = plans().flatMap(({ id, closure, device, dispatchCount, steps }) => {
    const own = steps - (before.get(id) ?? 0);
    const use = { id, closure: truncate(closure, maxName), device, dispatches: dispatchCount, steps: own };
    return own > 0 ? [use] : [];
  });
  return uses.slice(0, maxPlans);
}
