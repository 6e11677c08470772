import { ChevronDown } from "lucide-react";
import { memo } from "react";
import { Button } from "react-aria-components/Button";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select, SelectValue } from "react-aria-components/Select";
import styles from "./Choice.module.css";

interface ChoiceProps {
  label: string;
  choices: readonly { id: string; title: string }[];
  value: string;
  onChange: (id: string) => void;
  disabled?: boolean;
  excludeFromTabOrder?: boolean;
}

/** Selects an item of a list, in a popover below the current value. */
export const Choice = memo(function Choice({
  label,
  choices,
  value,
  onChange,
  disabled,
  excludeFromTabOrder,
}: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      className={styles.choice}
      value={value}
      isDisabled={disabled}
      onChange={(key) => onChange(String(key))}
    >
      <Button className={styles.button} excludeFromTabOrder={excludeFromTabOrder}>
        <SelectValue className={styles.value}>{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden="true" />
      </Button>
      <Popover className={styles.popover} offset={4}>
        <ListBox className={styles.list} items={choices}>
          {({ id, title }) => (
            <ListBoxItem id={id} textValue={title} className={styles.item}>
              {title}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
});
