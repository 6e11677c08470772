/** Attributes the parts of a program to ops and blocks. */
import type { Job, Program, Statement, ValueId, ValueOrigin } from "../../device/program";
import type { Owner, Phase } from "../../tensor/workOrigin";
import { operandsOf } from "../compile/inline";

type Levels = readonly (readonly Job[])[];

/** Ops of a part that belong to one block or to the update of one parameter. */
export interface Work {
  /** A block or a parameter; undefined for ops outside of both, and once the owner was collected. */
  readonly owner: Owner | undefined;
  /** What the ops were recorded for: forward, gradient or update. */
  readonly phase: Phase;
  /** Names of the ops, without repetition. */
  readonly ops: readonly string[];
}

export interface AccessedValues {
  /** Stored values that it reads. */
  readonly reads: ReadonlySet<ValueId>;
  /** In order of computation. A value may be written by several statements and then occurs several times. */
  readonly results: readonly ValueId[];
  readonly origins: readonly ValueOrigin[];
}

export function statementsOfJob(job: Job): readonly Statement[] {
  switch (job.kind) {
    case "loop":
    case "rows":
      return job.body;
    case "product":
      return [job.product, ...job.epilogue];
    case "shader":
      return [job.statement];
  }
}

/** Returns what a part reads and computes and the origins of its ops, including those of inlined statements. */
export function accessedBy(levels: Levels, { values }: Program): AccessedValues {
  const reads = new Set<ValueId>();
  const results: ValueId[] = [];
  const origins = new Set<ValueOrigin>();
  const seen = new Set<ValueId>();
  const visit = (value: ValueId) => {
    const { location } = values[value]!;
    if (location.kind !== "inline") reads.add(value);
    else if (!seen.has(value)) {
      seen.add(value);
      note(location.statement);
    }
  };
  const note = (statement: Statement) => {
    operandsOf(statement).forEach(visit);
    const { origin } = values[statement.result]!;
    if (origin) origins.add(origin);
  };
  for (const statement of levels.flat().flatMap(statementsOfJob)) {
    note(statement);
    results.push(statement.result);
  }
  return { reads, results, origins: [...origins] };
}

/** Groups origins by owner and phase. */
export function workOf(origins: readonly ValueOrigin[]): Work[] {
  const works: { owner: Owner | undefined; phase: Phase; ops: string[] }[] = [];
  for (const { owner, phase = "forward", op } of origins) {
    const known = owner?.deref();
    const found = works.find((work) => work.owner === known && work.phase === phase);
    if (!found) works.push({ owner: known, phase, ops: [op] });
    else if (!found.ops.includes(op)) found.ops.push(op);
  }
  return works;
}
