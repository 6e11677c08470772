import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode, type RefObject } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal as AriaModal, ModalOverlay } from "react-aria-components/Modal";
import { classNames } from "../classNames";
import { useTexts } from "../Texts";
import { IconButton } from "./Button";
import styles from "./Modal.module.css";

interface ModalProps {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  /** The buttons at its foot. */
  actions?: ReactNode;
  wide?: boolean;
}

/** A dialog over the page; Escape and a click beside it close it. */
export function Modal({ title, open, onClose, children, actions, wide }: ModalProps) {
  const texts = useTexts().widgets;
  const dialog = useRef<HTMLElement>(null);
  return (
    <ModalOverlay
      className={styles.overlay}
      isOpen={open}
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <AriaModal className={classNames(styles.modal, wide && styles.wide)}>
        <Dialog ref={dialog} className={styles.dialog}>
          <FocusTaker dialog={dialog} />
          <header className={styles.header}>
            <Heading slot="title" level={2} className={styles.title}>
              {title}
            </Heading>
            <IconButton label={texts.close} onPress={onClose}>
              <X />
            </IconButton>
          </header>
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}

/**
 * A dialog takes the focus when it opens, but not where it opens while a menu closes and gives the focus
 * back to its button, or while the browser's file chooser goes away: then it is taken here.
 */
function FocusTaker({ dialog }: { dialog: RefObject<HTMLElement | null> }) {
  useEffect(() => {
    const take = () => {
      const { activeElement } = document;
      // A list that is open over the dialog keeps the focus: only what is behind the dialog is hidden.
      const lost = !activeElement || activeElement === document.body || activeElement.closest("[inert], [aria-hidden]");
      if (lost) dialog.current?.focus();
    };
    const timer = setTimeout(take, 100);
    window.addEventListener("focus", take);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", take);
    };
  }, [dialog]);
  return null;
}
