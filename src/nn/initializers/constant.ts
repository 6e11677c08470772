import type { KindInfo } from "../../base/info";
import { full } from "../../tensor/creation";
import { defineInitializer, type Initializer } from "../initializer";

const info: KindInfo = {
  kind: "constant",
  title: { en: "Constant", zh: "常数" },
  description: { en: "The same number everywhere.", zh: "处处为同一个数。" },
  source: "Keras Constant",
  fields: [{ name: "value", title: { en: "Value", zh: "数值" }, type: "number", positional: true, default: 0 }],
};

const withFields = defineInitializer<{ value: number }>(info, ({ value }, shape, { dtype }) =>
  full(shape, value, { dtype }),
);

/** `value` everywhere, 0 by default. */
export const constant = Object.assign((value = 0): Initializer => withFields({ value }), { info });
