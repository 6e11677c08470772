/** Small catalogue for tests of compositions, with fields like those of real kinds. */
import type { FieldInfo, KindInfo } from "../../base/info";
import type { Kinds } from "./compositionTree";

function field(name: string, type: FieldInfo["type"], rest: Partial<FieldInfo> = {}): FieldInfo {
  return { name, title: { en: name, zh: name }, type, ...rest };
}

function kind(name: string, fields: FieldInfo[], rest: Partial<KindInfo> = {}): KindInfo {
  const text = { en: name, zh: name };
  return { kind: name, title: text, description: text, fields, ...rest };
}

const name = field("name", "string", { default: null });

export const testKinds: Kinds = {
  blocks: [
    kind("sequential", [name], { children: "list", flow: "chain" }),
    kind("residual", [name], { children: "one", flow: "branches" }),
    kind("repeat", [field("times", "integer", { positional: true, min: 1 })], { children: "factory", flow: "repeat" }),
    kind("dense", [
      field("units", "integer", { positional: true, min: 1 }),
      field("activation", "activation", { default: null }),
      field("useBias", "boolean", { default: true }),
      field("kernelInitializer", "initializer", { default: "glorotUniform" }),
      name,
    ]),
    kind("flatten", [name]),
    kind("activation", [field("activation", "activation", { positional: true, default: "relu" }), name], {
      elementwise: true,
    }),
    kind("dropout", [field("rate", "number", { positional: true, min: 0, max: 1 }), name]),
    kind("pool", [
      field("size", "integer", { positional: true, default: 2 }),
      field("stride", "integer", { positional: true, default: 2 }),
    ]),
  ],
  initializers: [
    kind("zeros", []),
    kind("constant", [field("value", "number", { positional: true })]),
    kind("randomNormal", [field("mean", "number", { default: 0 }), field("stddev", "number", { default: 0.05 })]),
  ],
};
