import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { classNames } from "../../classNames";
import { showShortcut, type Shortcut } from "../../shortcuts";
import styles from "./Button.module.css";

interface ButtonProps extends Omit<AriaButtonProps, "className" | "children"> {
  children: ReactNode;
  /** `primary`: the main action. `plain`: no border. `danger`: a destructive action. */
  look?: "normal" | "primary" | "plain" | "danger";
  small?: boolean;
  className?: string;
}

/** A button with a text. */
export function Button({ look = "normal", small, className, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={classNames(styles.button, styles[look], small && styles.small, className)} />
  );
}

interface IconButtonProps extends Omit<ButtonProps, "aria-label"> {
  /** Its name, for the tooltip and for screen readers. */
  label: string;
  shortcut?: Shortcut;
}

/** A button with an icon; its tooltip shows its name and its shortcut. */
export function IconButton({ label, shortcut, look = "plain", small, className, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...props}
        aria-label={label}
        className={classNames(styles.button, styles.icon, styles[look], small && styles.small, className)}
      />
      <Hint label={label} shortcut={shortcut} />
    </TooltipTrigger>
  );
}

/** The tooltip of a control. */
export function Hint({ label, shortcut }: { label: string; shortcut?: Shortcut }) {
  return (
    <Tooltip className={styles.tooltip} offset={6}>
      {label}
      {shortcut && <kbd>{showShortcut(shortcut)}</kbd>}
    </Tooltip>
  );
}
