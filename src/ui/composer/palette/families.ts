import type { KindInfo } from "../../../base/info";

/** The main purpose of a block; cards of a family share a colour and an icon. */
export type Family = "container" | "weights" | "function" | "chance" | "shape" | "code";

/** Derived from the kind's declaration: an elementwise kind is a function, one with initializers has weights. */
export function familyOf(info: KindInfo | undefined): Family {
  if (!info) return "code";
  if (info.children) return "container";
  if (info.elementwise) return "function";
  if (info.constructed) return "code";
  if (info.fields.some(({ type }) => type === "initializer")) return "weights";
  const first = info.fields.find(({ positional }) => positional);
  const isShare = first?.type === "number" && first.min === 0 && first.max !== undefined && first.max <= 1;
  return isShare ? "chance" : "shape";
}

/** In the order of the palettes. */
const order: readonly Family[] = ["container", "weights", "function", "shape", "chance", "code"];

/** Groups kinds by family, without empty families. */
export function groupByFamily(kinds: readonly KindInfo[]): { family: Family; kinds: KindInfo[] }[] {
  return order.flatMap((family) => {
    const own = kinds.filter((info) => familyOf(info) === family);
    return own.length > 0 ? [{ family, kinds: own }] : [];
  });
}
