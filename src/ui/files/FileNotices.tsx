import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { folderStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { Button, IconButton } from "../widgets/controls/Button";
import styles from "./FilesPanel.module.css";

/** Problems, and the last deleted file, which can be restored. */
export function FileNotices() {
  const texts = useTexts();
  const language = useLanguage();
  const { problems, removed } = useStore(folderStore);
  const { dismiss, restore } = folderStore.getState();
  const notices = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length > 0 || removed) notices.current?.scrollIntoView({ block: "nearest" });
  }, [problems, removed]);
  if (problems.length === 0 && !removed) return null;
  return (
    <div ref={notices} className={styles.notices}>
      {problems.length > 0 && (
        <div className={styles.notice} data-look="error" role="alert">
          <div className={styles.noticeText}>
            {problems.map((problem, position) => (
              <p key={position}>{problem(texts, language)}</p>
            ))}
          </div>
          <IconButton small label={texts.files.dismiss} onPress={() => dismiss("problems")}>
            <X />
          </IconButton>
        </div>
      )}
      {removed && (
        <div className={styles.notice}>
          <p className={styles.noticeText} role="status">
            {texts.files.removed(removed.path)}
          </p>
          {/* The button that was pressed is gone with its row: the focus moves here. */}
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- else the focus would be lost */}
          <Button small autoFocus key={removed.path} onPress={() => void restore()}>
            {texts.files.restore}
          </Button>
          <IconButton small label={texts.files.dismiss} onPress={() => dismiss("removed")}>
            <X />
          </IconButton>
        </div>
      )}
    </div>
  );
}
