import { ChevronDown } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import styles from "./Field.module.css";
import menuStyles from "./Menu.module.css";

interface SelectProps {
  label: string;
  value: string;
  choices: readonly { value: string; label: string; detail?: string }[];
  onChange: (value: string) => void;
}

/** A labelled choice from a list. */
export function Select({ label, value, choices, onChange }: SelectProps) {
  return (
    <AriaSelect
      className={styles.field}
      value={value}
      onChange={(key) => key !== null && key !== value && onChange(String(key))}
    >
      <Label className={styles.label}>{label}</Label>
      <AriaButton className={styles.select}>
        <SelectValue className={styles.value}>
          {choices.find((choice) => choice.value === value)?.label ?? value}
        </SelectValue>
        <ChevronDown aria-hidden="true" />
      </AriaButton>
      <Popover className={menuStyles.popover} offset={4}>
        <ListBox className={styles.list}>
          {choices.map((choice) => (
            <ListBoxItem key={choice.value} id={choice.value} textValue={choice.label} className={styles.option}>
              {choice.label}
              {choice.detail && <span className={styles.detail}>{choice.detail}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
