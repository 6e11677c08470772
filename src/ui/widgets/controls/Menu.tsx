import type { ReactElement, ReactNode } from "react";
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Header } from "react-aria-components/Header";
import { Popover } from "react-aria-components/Popover";
import { MenuSection as AriaMenuSection } from "react-aria-components/Menu";
import { showShortcut, type Shortcut } from "../../shortcuts";
import styles from "./Menu.module.css";

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  label: string;
  children: ReactNode;
}

/** A menu under its button. */
export function Menu({ trigger, label, children }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles.popover} offset={4}>
        <AriaMenu className={styles.menu} aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

interface MenuItemProps {
  label: string;
  /** A second, muted line. */
  detail?: string;
  icon?: ReactNode;
  shortcut?: Shortcut;
  disabled?: boolean;
  danger?: boolean;
  onAction: () => void;
}

export function MenuItem({ label, detail, icon, shortcut, disabled, danger, onAction }: MenuItemProps) {
  return (
    <AriaMenuItem
      className={styles.item}
      textValue={label}
      isDisabled={disabled}
      data-danger={danger || undefined}
      onAction={onAction}
    >
      <span className={styles.icon}>{icon}</span>
      <span className={styles.text}>
        {label}
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      {shortcut && <kbd className={styles.shortcut}>{showShortcut(shortcut)}</kbd>}
    </AriaMenuItem>
  );
}

interface ChoiceSectionProps<T extends string> {
  title: string;
  choices: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** A choice among several items, in a menu. */
export function ChoiceSection<T extends string>({ title, choices, value, onChange }: ChoiceSectionProps<T>) {
  return (
    <AriaMenuSection
      className={styles.section}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [key] = keys === "all" ? [] : [...keys];
        if (key !== undefined) onChange(key as T);
      }}
    >
      <Header className={styles.header}>{title}</Header>
      {choices.map(({ value: key, label }) => (
        <AriaMenuItem key={key} id={key} className={styles.item} textValue={label}>
          {({ isSelected }) => (
            <>
              <span className={styles.icon}>{isSelected ? "✓" : ""}</span>
              <span className={styles.text}>{label}</span>
            </>
          )}
        </AriaMenuItem>
      ))}
    </AriaMenuSection>
  );
}

export function MenuSection({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <AriaMenuSection className={styles.section} aria-label={title}>
      {title && <Header className={styles.header}>{title}</Header>}
      {children}
    </AriaMenuSection>
  );
}
