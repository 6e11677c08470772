/** What the editor of a field, and the control in it, are given. */
import type { FieldInfo, Json } from "../../base/info";
import type { FieldValue, Kinds } from "../../notebook/compositionTree";

export interface FieldEditorProps {
  field: FieldInfo;
  /** What the source gives; undefined where the default holds. */
  value: FieldValue | undefined;
  kinds: Kinds;
  onChange: (value: FieldValue | undefined) => void;
  /** What the field's rules do not know: a name that a sibling has. */
  refuse?: (value: Json) => string | null;
  disabled?: boolean;
  /** In a card's head: a label beside a small control, options of initializers left out. */
  compact?: boolean;
  excludeFromTabOrder?: boolean;
}

export interface ControlProps extends FieldEditorProps {
  id: string;
  label: string;
}
