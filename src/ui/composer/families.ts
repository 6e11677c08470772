import type { KindInfo } from "../../base/info";

/** What a block mainly does; cards of a family share a colour and an icon. */
export type Family = "container" | "weights" | "function" | "chance" | "shape" | "code";

/** Read from what the kind declares: a kind that brings initializers has weights, and so on. */
export function familyOf(info: KindInfo | undefined): Family {
  if (!info) return "code";
  if (info.container) return "container";
  if (info.fields.some(({ type }) => type === "initializer")) return "weights";
  const first = info.fields.find(({ positional }) => positional);
  if (first?.type === "activation") return "function";
  const isShare = first?.type === "number" && first.min === 0 && first.max !== undefined && first.max <= 1;
  return isShare ? "chance" : "shape";
}
