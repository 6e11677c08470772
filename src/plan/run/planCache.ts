import type { Parameter } from "../../tensor/parameter";
import type { Plan } from "./plan";

/** Maximum numbers of graphs remembered and of plans cached. The least recently used are evicted first. */
const maxEntries = 512;
const maxPlans = 64;

/** Cache entry of one graph: its plans, one per set of parameters. */
export class PlanCacheEntry {
  plans: Plan[] = [];
  private seen = false;

  constructor(private readonly onAdd: () => void) {}

  /** False on the first call. */
  markSeen(): boolean {
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
  private readonly entries = new Map<string, PlanCacheEntry>();

  /** Returns the entry of a graph and marks it as the most recently used. */
  entry(key: string): PlanCacheEntry {
    const entry = this.entries.get(key) ?? new PlanCacheEntry(() => this.evictUnusable());
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > maxEntries) this.evictOldest();
    return entry;
  }

  /** Disposes of all plans and forgets all graphs. */
  clear(): void {
    for (const { plans } of this.entries.values()) for (const plan of plans) plan.dispose();
    this.entries.clear();
  }

  private evictOldest(): void {
    for (const [key, entry] of this.entries) {
      for (const plan of entry.plans) plan.dispose();
      this.entries.delete(key);
      return;
    }
  }

  /** Evicts plans whose parameters are gone, then the least recently used. */
  private evictUnusable(): void {
    const entries = [...this.entries.values()];
    for (const entry of entries) {
      for (const plan of entry.plans) if (!plan.isRunnable) plan.dispose();
      entry.plans = entry.plans.filter((plan) => plan.isRunnable);
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
