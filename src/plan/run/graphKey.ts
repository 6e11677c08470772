/** Text that identifies a recorded graph: graphs with equal texts have equal programs. */
import { formatShape } from "../../base/shape";
import type { Op } from "../../tensor/graph";
import { ownerOf } from "../../tensor/parameter";
import type { Node, Tensor } from "../../tensor/tensor";

const opNumbers = new WeakMap<Op, number>();
let opCount = 0;

/** Identity of an op. Names of ops need not be unique. */
function numberOf(op: Op): number {
  let number = opNumbers.get(op);
  if (number === undefined) opNumbers.set(op, (number = opCount++));
  return number;
}

/** Like JSON.stringify, which cannot represent infinities or -0, and is slower with a replacer that does. */
function textOf(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  return fieldsText(value);
}

/** @param without names of fields to omit */
function fieldsText(fields: object, without?: readonly string[]): string {
  let text = "{";
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && !without?.includes(name)) text += `${name}:${textOf(value)},`;
  return `${text}}`;
}

function attributesText({ volatile }: Op, attributes: unknown): string {
  if (attributes === undefined) return "";
  return volatile ? fieldsText(attributes as object, volatile) : textOf(attributes);
}

export interface GraphDescription {
  /** Tensors that existed before, in order of first use. */
  readonly leaves: readonly Tensor[];
  readonly text: string;
}

/**
 * Describes a graph.
 * @param order recorded tensors, each after its inputs, including those already computed
 * @param named tensors whose position in the graph matters: wanted ones and targets of gradients
 */
export function describeGraph(order: readonly Tensor[], named: readonly Tensor[]): GraphDescription {
  const places = new Map<Tensor, string>();
  const leaves: Tensor[] = [];
  const parts: string[] = [];
  const placeOf = (tensor: Tensor): string => {
    let place = places.get(tensor);
    if (place === undefined) {
      place = `L${leaves.push(tensor)}`;
      places.set(tensor, place);
      const kind = ownerOf(tensor)?.asTensor() === tensor ? "state" : "input";
      parts.push(`${place}=${kind} ${tensor.dtype}${formatShape(tensor.shape)}`);
    }
    return place;
  };
  order.forEach((tensor, index) => {
    const { op, inputs, attributes } = tensor.node as Node<Op>;
    const inputPlaces = inputs.map(placeOf).join();
    places.set(tensor, `N${index}`);
    const state = tensor.pending ? "" : "computed ";
    const made = `${state}${numberOf(op)}(${inputPlaces})${attributesText(op, attributes)}`;
    parts.push(`${made}:${tensor.dtype}${formatShape(tensor.shape)}`);
  });
  parts.push(named.map(placeOf).join());
  return { leaves, text: parts.join(";") };
}
