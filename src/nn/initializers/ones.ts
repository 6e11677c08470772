import { ones as onesTensor } from "../../tensor/creation";
import { defineInitializer, type InitializerKind } from "../initializer";

/** All ones. */
export const ones: InitializerKind<object> = defineInitializer(
  {
    kind: "ones",
    title: { en: "Ones", zh: "全一" },
    description: { en: "All ones.", zh: "全部为 1。" },
    source: "Keras Ones",
    fields: [],
  },
  (_, shape, { dtype }) => onesTensor(shape, { dtype }),
);
