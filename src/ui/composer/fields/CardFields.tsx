import { useMemo } from "react";
import { nameOf } from "../../../notebook/composition/compositionFields";
import { type BlockNode, type BlockPath, kindInfoOf } from "../../../notebook/composition/compositionTree";
import { composerEdits } from "../../../store/modelStores";
import styles from "../cards/BlockCard.module.css";
import { useComposer } from "../composerContext";
import { FieldEditor } from "./FieldEditor";

/**
 * The most important fields of a block, editable in its card's head: positional ones, activations, and those that are
 * set.
 */
export function CardFields({ node, path, tabbable }: { node: BlockNode; path: BlockPath; tabbable: boolean }) {
  const { cell, kinds, broken } = useComposer();
  const fields = useMemo(() => {
    const info = kindInfoOf(kinds.blocks, node.kind);
    const shown = info?.fields.filter(
      ({ name, positional, type }) =>
        positional ||
        type === "activation" ||
        (name in node.fields && !(name === "name" && nameOf(node) !== undefined)),
    );
    return shown?.filter(({ type }) => type !== "boolean") ?? [];
  }, [kinds, node]);
  if (fields.length === 0) return null;
  return (
    <span className={styles.inline}>
      {fields.map((field) => (
        <FieldEditor
          key={field.name}
          compact
          field={field}
          value={node.fields[field.name]}
          kinds={kinds}
          disabled={broken}
          excludeFromTabOrder={!tabbable}
          onChange={(value) => composerEdits.setField(cell, path, field.name, value)}
        />
      ))}
    </span>
  );
}
