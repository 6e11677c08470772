import { nameOf } from "../../../notebook/composition/compositionFields";
import type { BlockNode, BlockPath, Composition, Kinds } from "../../../notebook/composition/compositionTree";
import { kindInfoOf, nodeAt } from "../../../notebook/composition/compositionTree";
import { composerEdits } from "../../../store/modelStores";
import { useTexts } from "../../Texts";
import styles from "./BlockFields.module.css";
import { FieldEditor } from "./FieldEditor";
import { fieldText } from "./fieldRules";

interface BlockFieldsProps {
  cell: string;
  path: BlockPath;
  node: BlockNode;
  kinds: Kinds;
  compositions: readonly Composition[];
  disabled: boolean;
}

/** All fields of a block; a change is written to the cell's source at once. */
export function BlockFields({ cell, path, node, kinds, compositions, disabled }: BlockFieldsProps) {
  const fields = kindInfoOf(kinds.blocks, node.kind)?.fields ?? [];
  const refuseName = useNameRule(compositions, path);
  return (
    <div className={styles.fields}>
      {fields.map((field) => (
        <FieldEditor
          key={field.name}
          field={field}
          value={node.fields[field.name]}
          kinds={kinds}
          disabled={disabled}
          refuse={field.name === "name" ? (name) => refuseName(fieldText(name)) : undefined}
          onChange={(value) => composerEdits.setField(cell, path, field.name, value)}
        />
      ))}
    </div>
  );
}

/** If two siblings had the same name, two weights would have the same path. */
function useNameRule(compositions: readonly Composition[], path: BlockPath): (name: string) => string | null {
  const texts = useTexts().composer.errors;
  const parent = nodeAt(compositions, path.slice(0, -1));
  const siblings = parent?.type === "block" ? (parent.children ?? []) : [];
  const taken = new Set(siblings.filter((_, index) => index !== path.at(-1)).map((sibling) => nameOf(sibling)));
  return (name) => (taken.has(name) ? texts.taken(name) : null);
}
