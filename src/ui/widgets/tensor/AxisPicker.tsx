import { Button } from "react-aria-components/Button";
import { Group } from "react-aria-components/Group";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { NumberField } from "react-aria-components/NumberField";
import type { Shape } from "../../../base/shape";
import { useTexts } from "../../Texts";
import styles from "./AxisPicker.module.css";

interface AxisPickerProps {
  shape: Shape;
  selected: readonly number[];
  onSelect: (index: number[]) => void;
}

/** Selects the slice of a tensor of rank three or more: one field for each leading axis. */
export function AxisPicker({ shape, selected, onSelect }: AxisPickerProps) {
  const texts = useTexts().widgets;
  const leading = shape.slice(0, -2);
  if (leading.length === 0) return null;
  return (
    <div className={styles.picker}>
      {leading.map((length, axis) => (
        <NumberField
          key={axis}
          className={styles.field}
          value={selected[axis] ?? 0}
          minValue={0}
          maxValue={length - 1}
          onChange={(at) => onSelect(selected.map((old, index) => (index === axis ? at : old)))}
        >
          <Label className={styles.label}>{texts.axis(axis)}</Label>
          <Group className={styles.group}>
            <Button slot="decrement" className={styles.step}>
              −
            </Button>
            <Input className={styles.input} />
            <span className={styles.length}>/ {length}</span>
            <Button slot="increment" className={styles.step}>
              +
            </Button>
          </Group>
        </NumberField>
      ))}
    </div>
  );
}
