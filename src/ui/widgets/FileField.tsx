import type { RefObject } from "react";
import styles from "./FileField.module.css";

interface FileFieldProps {
  field: RefObject<HTMLInputElement | null>;
  onFiles: (files: File[]) => void;
  several?: boolean;
  /** Endings and types that the chooser shows. */
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
        // The same file may be chosen again.
        target.value = "";
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}

/**
 * Opens the chooser. Not by `click()`: React Aria takes a click that no pointer made for a
 * screen reader's, and a dialog that opens after it waits with taking the focus, at times for ever.
 */
export function chooseFiles({ current: field }: RefObject<HTMLInputElement | null>): void {
  if (field && "showPicker" in field) field.showPicker();
  else (field as HTMLInputElement | null)?.click();
}
