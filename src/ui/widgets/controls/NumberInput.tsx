import { Group } from "react-aria-components/Group";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { NumberField } from "react-aria-components/NumberField";
import styles from "./Field.module.css";

interface NumberInputProps {
  label: string;
  value: number;
  min?: number;
  max?: number;
  onChange: (value: number) => void;
}

/** A labelled integer input; the value is applied on Enter or blur. */
export function NumberInput({ label, value, min, max, onChange }: NumberInputProps) {
  return (
    <NumberField
      className={styles.field}
      value={value}
      minValue={min}
      maxValue={max}
      step={1}
      formatOptions={{ useGrouping: false }}
      onChange={(next) => Number.isFinite(next) && next !== value && onChange(next)}
    >
      <Label className={styles.label}>{label}</Label>
      <Group className={styles.group}>
        <Input className={styles.input} />
      </Group>
    </NumberField>
  );
}
