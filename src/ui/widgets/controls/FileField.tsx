import type { RefObject } from "react";
import styles from "./FileField.module.css";

interface FileFieldProps {
  field: RefObject<HTMLInputElement | null>;
  onFiles: (files: File[]) => void;
  several?: boolean;
  /** Extensions and types that the chooser shows. */
  accept?: string;
}

/** The browser's file chooser, opened by `chooseFiles(field)`. */
export function FileField({ field, onFiles, several, accept }: FileFieldProps) {
  return (
    <input
      ref={field}
      type="file"
      className={styles.field}
      tabIndex={-1}
      aria-hidden="true"
      multiple={several}
      accept={accept}
      onChange={({ target }) => {
        const files = [...(target.files ?? [])];
        // Allows the same file to be chosen again.
        target.value = "";
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}

/**
 * Opens the chooser. Not by `click()`: React Aria treats a click without a pointer as a screen reader's, and a dialog
 * that opens afterwards delays taking the focus, sometimes forever.
 */
export function chooseFiles({ current: field }: RefObject<HTMLInputElement | null>): void {
  if (field && "showPicker" in field) field.showPicker();
  else (field as HTMLInputElement | null)?.click();
}
