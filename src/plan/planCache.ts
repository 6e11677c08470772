import type { Parameter } from "../tensor/parameter";
import type { Plan } from "./plan";

/** Graphs that are remembered, and plans that are kept: the least recently used go first. */
const maxGraphs = 512;
const maxPlans = 64;

/** What is known of one graph: plans for the parameters that it was seen with. */
export class PlanEntry {
  plans: Plan[] = [];
  private seen = false;

  constructor(private readonly onAdd: () => void) {}

  /** False the first time. */
  isSeenBefore(): boolean {
    const before = this.seen;
    this.seen = true;
    return before;
  }

  planFor(parameters: readonly Parameter[]): Plan | undefined {
    return this.plans.find((plan) => plan.isFor(parameters));
  }

  add(plan: Plan): void {
    this.plans.push(plan);
    this.onAdd();
  }
}

export class PlanCache {
  private readonly entries = new Map<string, PlanEntry>();

  /** The entry of a graph, now the most recently used. */
  entry(key: string): PlanEntry {
    const entry = this.entries.get(key) ?? new PlanEntry(() => this.shrink());
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > maxGraphs) this.dropOldest();
    return entry;
  }

  /** Disposes of all plans, and remembers no graph. */
  clear(): void {
    for (const { plans } of this.entries.values()) for (const plan of plans) plan.dispose();
    this.entries.clear();
  }

  private dropOldest(): void {
    for (const [key, entry] of this.entries) {
      for (const plan of entry.plans) plan.dispose();
      this.entries.delete(key);
      return;
    }
  }

  /** Lets go of plans whose parameters are gone, then of those that were not used for the longest. */
  private shrink(): void {
    const entries = [...this.entries.values()];
    for (const entry of entries) {
      for (const plan of entry.plans) if (!plan.isAlive) plan.dispose();
      entry.plans = entry.plans.filter((plan) => plan.isAlive);
    }
    let count = entries.reduce((sum, { plans }) => sum + plans.length, 0);
    for (const entry of entries) {
      while (count > maxPlans && entry.plans.length > 0) {
        entry.plans.shift()!.dispose();
        count--;
      }
    }
  }
}
