/**
 * Indices of four lanes as affine sums of loop counts and the lane number. Division and remainder preserve such sums
 * where possible, so that contiguous elements are recognized and read as one vector.
 */
import { sizeOf, stridesOf } from "../../../../base/shape";
import type { WasmGraph, WasmNode } from "../assembler/wasmGraph";

/** An integer that is known only at run time: at most `max`, and a multiple of `multiple`. */
interface Count {
  readonly node: WasmNode;
  readonly max: number;
  readonly multiple: number;
}

interface Term extends Count {
  readonly times: number;
}

/** `constant + lane * perLane + sum of node * times`. */
export interface Affine {
  readonly terms: readonly Term[];
  readonly perLane: number;
  readonly constant: number;
}

/** One sum for all lanes, or one per lane. */
export type LaneIndex = readonly [Affine] | readonly [Affine, Affine, Affine, Affine];

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function constantOf(constant: number): Affine {
  return { terms: [], perLane: 0, constant };
}

function plus(a: Affine, b: Affine): Affine {
  const terms = [...a.terms];
  for (const term of b.terms) {
    const same = terms.findIndex(({ node }) => node === term.node);
    if (same < 0) terms.push(term);
    else terms[same] = { ...term, times: terms[same]!.times + term.times };
  }
  return { terms, perLane: a.perLane + b.perLane, constant: a.constant + b.constant };
}

function scaled({ terms, perLane, constant }: Affine, by: number): Affine {
  if (by === 0) return constantOf(0);
  return {
    terms: terms.map((term) => ({ ...term, times: term.times * by })),
    perLane: perLane * by,
    constant: constant * by,
  };
}

/** Returns the sum in one lane. */
function inLane({ terms, perLane, constant }: Affine, lane: number): Affine {
  return { terms, perLane: 0, constant: constant + perLane * lane };
}

interface Parts {
  readonly quotient: Affine;
  readonly rest: Affine;
}

/** Index arithmetic of one job. */
export class LaneIndices {
  /** Number of active lanes; indices of the others are ignored. */
  lanes = 4;

  constructor(private readonly graph: WasmGraph) {}

  constant(value: number): LaneIndex {
    return [constantOf(value)];
  }

  /** Consecutive indices, one per lane. */
  get lane(): LaneIndex {
    return [{ terms: [], perLane: 1, constant: 0 }];
  }

  /** Returns a count shared by all lanes. */
  count(node: WasmNode, max: number, multiple = 1): LaneIndex {
    if (node.op === "i32.const") return this.constant(node.immediate[0]!);
    return [{ terms: [{ node, max, multiple, times: 1 }], perLane: 0, constant: 0 }];
  }

  add(a: LaneIndex, b: LaneIndex): LaneIndex {
    if (a.length === 1 && b.length === 1) return [plus(a[0], b[0])];
    return this.eachLane((lane) => plus(this.laneOf(a, lane), this.laneOf(b, lane)));
  }

  times(index: LaneIndex, by: number): LaneIndex {
    return index.map((one) => scaled(one, by)) as unknown as LaneIndex;
  }

  divide(index: LaneIndex, by: number): LaneIndex {
    return this.parts(index, by).quotient;
  }

  remainder(index: LaneIndex, by: number): LaneIndex {
    return this.parts(index, by).rest;
  }

  /** Returns an operand's index for an index of a loop over `shape`. */
  along(
    { strides, offset }: { readonly strides: readonly number[]; readonly offset: number },
    shape: readonly number[],
    index: LaneIndex,
  ): LaneIndex {
    const inner = stridesOf(shape);
    let place = this.constant(offset);
    shape.forEach((length, axis) => {
      if (strides[axis] === 0 || length === 1) return;
      const above = this.divide(index, inner[axis]!);
      const isFirst = sizeOf(shape.slice(0, axis)) === 1;
      place = this.add(place, this.times(isFirst ? above : this.remainder(above, length), strides[axis]!));
    });
    return place;
  }

  /** Returns one lane's sum; an inactive lane reads with lane 0. */
  laneOf(index: LaneIndex, lane: number): Affine {
    if (index.length === 1) return inLane(index[0], lane < this.lanes ? lane : 0);
    return index[lane]!;
  }

  /** Returns the bounds of the indices over all active lanes. */
  range(index: LaneIndex): [least: number, most: number] {
    const lanes = index.length === 1 ? [0, this.lanes - 1] : [0, 1, 2, 3];
    const sums = lanes.map((lane) => this.laneOf(index, lane));
    const most = sums.map(({ terms, constant }) => terms.reduce((sum, { max, times }) => sum + max * times, constant));
    return [Math.min(...sums.map(({ constant }) => constant)), Math.max(...most)];
  }

  /**
   * Returns the sum without its constant, scaled by `times`, as an i32. Terms of outer loops come first, so that they
   * are hoisted.
   */
  nodeOf({ terms }: Affine, times = 1): WasmNode {
    const { graph } = this;
    const products = terms
      .toSorted((a, b) => a.node.level - b.node.level)
      .map(({ node, times: by }) => graph.op("i32.mul", node, graph.whole(by * times)));
    return products.reduce((sum, product) => graph.op("i32.add", sum, product), graph.whole(0));
  }

  /** Returns the indices as integer lanes. */
  vectorOf(index: LaneIndex): WasmNode {
    const { graph } = this;
    if (index.length === 1) {
      const { perLane, constant } = index[0];
      const steps = graph.lanes([0, 1, 2, 3].map((lane) => constant + lane * perLane));
      return graph.op("i32x4.add", graph.splat(this.nodeOf(index[0])), steps);
    }
    return graph.fromLanes(index.map((one) => graph.op("i32.add", this.nodeOf(one), graph.whole(one.constant))));
  }

  private eachLane(of: (lane: number) => Affine): LaneIndex {
    return [of(0), of(1), of(2), of(3)];
  }

  private parts(index: LaneIndex, by: number): { quotient: LaneIndex; rest: LaneIndex } {
    const together = index.length === 1 ? this.split(index[0], by) : undefined;
    if (together) return { quotient: [together.quotient], rest: [together.rest] };
    const each = [0, 1, 2, 3].map((lane) => this.split(this.laneOf(index, lane), by)!);
    return { quotient: this.eachLane((lane) => each[lane]!.quotient), rest: this.eachLane((lane) => each[lane]!.rest) };
  }

  /** Splits a sum into quotient and remainder. Undefined if they are not affine in all lanes at once. */
  private split(index: Affine, by: number): Parts | undefined {
    const whole = index.terms.filter(({ times }) => times % by === 0);
    const others = index.terms.filter(({ times }) => times % by !== 0);
    const lanesFit = index.perLane % by === 0;
    const quotient: Affine = {
      terms: whole.map((term) => ({ ...term, times: term.times / by })),
      perLane: lanesFit ? index.perLane / by : 0,
      constant: Math.floor(index.constant / by),
    };
    const perLane = lanesFit ? 0 : index.perLane;
    const constant = index.constant % by;
    const lanesMax = perLane * (this.lanes - 1);
    if (others.reduce((sum, { times, max }) => sum + times * max, constant + lanesMax) < by) {
      return { quotient, rest: { terms: others, perLane, constant } };
    }
    // All terms are multiples of this step. Quotient and remainder are affine if the lanes do not cross from one step
    // to the next.
    const step = others.reduce((common, { times, multiple }) => gcd(common, times * multiple), by);
    const within = constant % step;
    if (within + lanesMax >= step) return undefined;
    const known = this.opaque(others, constant - within, by, quotient, step);
    return { ...known, rest: plus(known.rest, { terms: [], perLane, constant: within }) };
  }

  /** Returns quotient and remainder as counts computed at run time. */
  private opaque(terms: readonly Term[], constant: number, by: number, quotient: Affine, step: number): Parts {
    const { graph } = this;
    const sum = graph.op("i32.add", this.nodeOf({ ...constantOf(0), terms }), graph.whole(constant));
    const max = terms.reduce((all, { times, max: most }) => all + times * most, constant);
    const divided: Count = {
      node: graph.op("i32.div_u", sum, graph.whole(by)),
      max: Math.floor(max / by),
      multiple: 1,
    };
    const rest: Count = {
      node: graph.op("i32.rem_u", sum, graph.whole(by)),
      max: Math.min(max, by - step),
      multiple: step,
    };
    return {
      quotient: plus(quotient, { ...constantOf(0), terms: [{ ...divided, times: 1 }] }),
      rest: step === by ? constantOf(0) : { ...constantOf(0), terms: [{ ...rest, times: 1 }] },
    };
  }
}
