import { Check, Copy, Download, Share2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { formatCount } from "../../i18n/numbers";
import { encodeLink, linkSizes } from "../../notebook/link/shareLink";
import type { NotebookDocument } from "../../notebook/notebookDocument";
import { printNotebook } from "../../notebook/file/printNotebook";
import { notebookOutputs } from "../../store/runs/notebookOutputs";
import { documentStore, filesStore, runStore } from "../../store/stores";
import { fileNameOf, saveFile } from "../saveFile";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { Modal } from "../widgets/controls/Modal";
import styles from "./ShareDialog.module.css";

/** Opens the share dialog. */
export function ShareButton() {
  const texts = useTexts().library;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className={styles.button} onPress={() => setOpen(true)}>
        <Share2 aria-hidden="true" />
        <span className={styles.buttonText}>{texts.share}</span>
      </Button>
      {open && <ShareDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** The notebook with its outputs, as a file. */
export function downloadNotebook(): void {
  const { document } = documentStore.getState();
  const text = printNotebook(document, notebookOutputs(runStore.getState().runs));
  saveFile(fileNameOf(document.title, ".ipynb"), text, "application/x-ipynb+json");
}

function ShareDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts().library;
  const language = useLanguage();
  const document = useStore(documentStore, (state) => state.document);
  const link = useLink(document);
  const [copied, setCopied] = useState<"yes" | "failed" | null>(null);
  const advice = link && adviceOf(link.length);

  async function copy() {
    try {
      await navigator.clipboard.writeText(link!.address);
      setCopied("yes");
    } catch {
      setCopied("failed");
    }
  }

  return (
    <Modal
      open
      title={texts.shareTitle}
      onClose={onClose}
      actions={
        <>
          <Button look={advice === "offerFile" || link === null ? "primary" : "normal"} onPress={downloadNotebook}>
            <Download aria-hidden="true" />
            {texts.download}
          </Button>
          {link && (
            <Button look={advice === "offerFile" ? "normal" : "primary"} onPress={() => void copy()}>
              {copied === "yes" ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
              {copied === "yes" ? texts.copied : texts.copyLink}
            </Button>
          )}
        </>
      }
    >
      <p className={styles.text}>{texts.shareText}</p>
      <FilesNote />
      {link && advice && (
        <>
          <label className={styles.field}>
            <span>{texts.link}</span>
            <input readOnly value={link.address} onFocus={(event) => event.target.select()} />
          </label>
          <p className={styles.size} data-advice={advice}>
            <span>{texts.linkSize}</span> <strong>{texts.characters(formatCount(link.length, language))}</strong>
            <span className={styles.advice}>{texts[advice]}</span>
          </p>
        </>
      )}
      {link === null && <p className={styles.refused}>{texts.refused}</p>}
      <p className={styles.status} role="status">
        {copied === "yes" && texts.copied}
        {copied === "failed" && texts.copyFailed}
      </p>
    </Modal>
  );
}

/** Maximum number of names listed; the rest are only counted. */
const maxNames = 4;

/** Neither the link nor the file includes the notebook's folder. */
function FilesNote() {
  const texts = useTexts().library;
  const files = useStore(filesStore, (state) => state.files);
  if (files.length === 0) return null;
  const names = files.slice(0, maxNames).map(({ path }) => path);
  const rest = files.length > maxNames ? ["…"] : [];
  return <p className={styles.files}>{texts.filesStay(files.length, [...names, ...rest].join(", "))}</p>;
}

/** The link of a document: undefined while it is being created, null if it would be too long. */
function useLink(document: NotebookDocument): { address: string; length: number } | null | undefined {
  const [link, setLink] = useState<{ address: string; length: number } | null>();
  useEffect(() => {
    let current = true;
    encodeLink(document).then(
      ({ fragment }) => {
        const address = new URL(fragment, location.href).href;
        if (current) setLink({ address, length: address.length });
      },
      () => current && setLink(null),
    );
    return () => {
      current = false;
    };
  }, [document]);
  return link;
}

type Advice = "fitsEverywhere" | "fitsMost" | "warned" | "offerFile";

function adviceOf(length: number): Advice {
  if (length <= linkSizes.everywhere) return "fitsEverywhere";
  if (length <= linkSizes.warned) return "fitsMost";
  return length <= linkSizes.offerFile ? "warned" : "offerFile";
}
