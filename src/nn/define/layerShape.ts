import type { Json, KindInfo } from "../../base/info";
import type { PartialShape } from "../../base/shape";
import { shapeRuleOf } from "../../base/shapeRules";

/**
 * Returns the shape of a layer's result by the rule that its kind names.
 * @throws ShapeError for an input that does not fit
 */
export function layerShape(
  layer: { readonly label: string; readonly fieldValues: { [field: string]: Json } },
  inputShape: PartialShape,
): PartialShape {
  const { info } = layer.constructor as unknown as { info: KindInfo };
  return shapeRuleOf(info)!({ fields: layer.fieldValues, inputShape, at: layer.label })!;
}
