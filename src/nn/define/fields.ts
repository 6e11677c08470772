/** Fields that the `info` of several blocks share. */
import type { FieldInfo, Json, Localized } from "../../base/info";
import { type ActivationName, activationNames } from "./activations";

export const nameField: FieldInfo = {
  name: "name",
  title: { en: "Name", zh: "名称" },
  type: "string",
  default: null,
};

export const biasField: FieldInfo = switchField("useBias", { en: "Bias", zh: "偏置" }, true);

/** Field of a positional whole number >= 1. */
export function countField(name: string, title: Localized, from: number): FieldInfo {
  return { name, title, type: "integer", positional: true, min: 1, max: 65536, step: 1, default: from };
}

/** Field of a size along height and width: a whole number, or in code a pair of them. */
export function pairField(name: string, title: Localized, from: Json): FieldInfo {
  return { name, title, type: "integer", min: 1, max: 1024, step: 1, default: from };
}

export function numberField(name: string, title: Localized, from: number, range: Partial<FieldInfo> = {}): FieldInfo {
  return { name, title, type: "number", default: from, ...range };
}

export function switchField(name: string, title: Localized, on: boolean): FieldInfo {
  return { name, title, type: "boolean", default: on };
}

export function activationField(
  from: ActivationName,
  name = "activation",
  title: Localized = { en: "Activation", zh: "激活函数" },
): FieldInfo {
  return { name, title, type: "activation", default: from, options: activationNames };
}

export function initializerField(name: string, title: Localized, from: Json): FieldInfo {
  return { name, title, type: "initializer", default: from };
}

/** Fields of a layer with a kernel and a bias. */
export const kernelFields: FieldInfo[] = [
  biasField,
  initializerField("kernelInitializer", { en: "Kernel initializer", zh: "权重初始化" }, "glorotUniform"),
  initializerField("biasInitializer", { en: "Bias initializer", zh: "偏置初始化" }, "zeros"),
];

export const stridesField: FieldInfo = pairField("strides", { en: "Strides", zh: "步幅" }, 1);

export const paddingField: FieldInfo = {
  name: "padding",
  title: { en: "Padding", zh: "填充" },
  type: "string",
  default: "valid",
  options: ["valid", "same"],
};

export const poolFields: FieldInfo[] = [
  { ...pairField("poolSize", { en: "Window size", zh: "窗口大小" }, 2), positional: true },
  { ...stridesField, default: null },
];
