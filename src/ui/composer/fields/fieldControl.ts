/** Props of a field's editor and of the control in it. */
import type { FieldInfo, Json } from "../../../base/info";
import type { FieldValue, Kinds } from "../../../notebook/composition/compositionTree";

export interface FieldEditorProps {
  field: FieldInfo;
  /** The value in the source; undefined if the default applies. */
  value: FieldValue | undefined;
  kinds: Kinds;
  onChange: (value: FieldValue | undefined) => void;
  /** Validation beyond the field's own rules: a name that a sibling has. */
  refuse?: (value: Json) => string | null;
  disabled?: boolean;
  /** In a card's head: a label next to a small control, without options of initializers. */
  compact?: boolean;
  excludeFromTabOrder?: boolean;
}

export interface ControlProps extends FieldEditorProps {
  id: string;
  label: string;
}
