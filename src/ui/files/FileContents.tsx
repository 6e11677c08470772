import { Button as AriaButton } from "react-aria-components/Button";
import { formatShape, sizeOf } from "../../base/shape";
import { formatCount } from "../../i18n/numbers";
import type { FileReport, FileTensorEntry } from "../../protocol/protocol";
import type { FileView } from "../../store/files/fileViewStore";
import { fileViewStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { chooseFormat, formatWith } from "../widgets/formatNumber";
import styles from "./FileContents.module.css";

/** The content of a file: its tensors by name, a text, or why it cannot be read. */
export function FileContents({ view: { path, report, error } }: { view: FileView }) {
  const texts = useTexts().files;
  if (error !== null)
    return (
      <p className={styles.error} role="alert">
        {error}
      </p>
    );
  if (!report)
    return (
      <p className={styles.note} role="status">
        {texts.reading}
      </p>
    );
  return report.kind === "text" ? <TextPreview {...report} /> : <Tensors path={path} report={report} />;
}

function TextPreview({ text, truncated }: { text: string; truncated: boolean }) {
  const texts = useTexts().files;
  if (text === "") return <p className={styles.note}>{texts.emptyText}</p>;
  return (
    <>
      <p className={styles.note}>{truncated ? texts.textCut : texts.text}</p>
      <pre className={styles.text} tabIndex={0}>
        {text}
      </pre>
    </>
  );
}

function Tensors({ path, report }: { path: string; report: Extract<FileReport, { kind: "tensors" }> }) {
  const texts = useTexts().files;
  const language = useLanguage();
  const { format, holds, count, tensors } = report;
  const number = (value: number) => formatCount(value, language);
  return (
    <>
      <p className={styles.note}>
        {format[language]} · {texts.holds[holds](number(count))}
      </p>
      {count === 0 && <p className={styles.note}>{texts.noTensors}</p>}
      <ul className={styles.tensors} aria-label={texts.tensors(path)}>
        {tensors.map((tensor, index) => (
          <li key={index}>
            <TensorEntry tensor={tensor} onPress={() => void fileViewStore.getState().show(index)} />
          </li>
        ))}
      </ul>
      {tensors.length < count && (
        <p className={styles.note}>{texts.firstTensors(number(tensors.length), number(count))}</p>
      )}
    </>
  );
}

function TensorEntry({ tensor, onPress }: { tensor: FileTensorEntry; onPress: () => void }) {
  const { name, shape, dtype, first } = tensor;
  const format = chooseFormat(first);
  const numbers = first.map((value) => formatWith(value, format)).join(" ");
  return (
    <AriaButton className={styles.tensor} onPress={onPress}>
      <span className={styles.head}>
        {name !== "" && <code className={styles.name}>{name} </code>}
        <code className={styles.shape}>{formatShape(shape)} </code>
        <span className={styles.dtype}>{dtype} </span>
      </span>
      {numbers && (
        <code className={styles.numbers}>
          {numbers}
          {first.length < sizeOf(shape) && " …"}
        </code>
      )}
    </AriaButton>
  );
}
