import { zeros as zerosTensor } from "../../tensor/creation";
import { defineInitializer, type InitializerKind } from "../initializer";

/** All zeros. */
export const zeros: InitializerKind<object> = defineInitializer(
  {
    kind: "zeros",
    title: { en: "Zeros", zh: "全零" },
    description: { en: "All zeros.", zh: "全部为 0。" },
    source: "Keras Zeros",
    fields: [],
  },
  (_, shape, { dtype }) => zerosTensor(shape, { dtype }),
);
