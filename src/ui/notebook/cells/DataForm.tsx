import { useStore } from "zustand";
import type { Cell } from "../../../notebook/notebookDocument";
import { printData, readData, type DataFields } from "../../../notebook/cells/dataSource";
import { documentStore, sessionStore } from "../../../store/stores";
import { useLanguage, useTexts } from "../../Texts";
import { NumberInput } from "../../widgets/controls/NumberInput";
import { Select } from "../../widgets/controls/Select";
import styles from "./DataForm.module.css";
import { SourceView } from "./SourceView";

/** Upper limit for the number of examples. */
const mostExamples = 100_000;

/** A data cell as a form, or as source if the form cannot show it. */
export function DataForm({ cell, position }: { cell: Cell; position: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const datasets = useStore(sessionStore, ({ catalogue }) => catalogue?.datasets);
  const fields = readData(cell.source);
  if (!fields) {
    return (
      <>
        <p className={styles.note}>{texts.cells.dataCode}</p>
        <SourceView cell={cell} face="data" position={position} />
      </>
    );
  }
  const known = datasets ?? [];
  const choices = known.map(({ kind, title, description }) => ({
    value: kind,
    label: title[language],
    detail: description[language],
  }));

  function change(changed: Partial<DataFields>) {
    const next = { ...fields!, ...changed };
    const images = known.find(({ kind }) => kind === next.dataset)?.exampleShape?.length === 3;
    documentStore.getState().setSource(cell.id, printData({ ...next, images }), { label: (all) => all.history.data });
  }

  return (
    <div className={styles.form}>
      <Select
        label={texts.cells.dataset}
        value={fields.dataset}
        choices={choices.length > 0 ? choices : [{ value: fields.dataset, label: fields.dataset }]}
        onChange={(dataset) => change({ dataset })}
      />
      <NumberInput
        label={texts.cells.datasetCount}
        value={fields.count}
        min={1}
        max={mostExamples}
        onChange={(count) => change({ count })}
      />
      <NumberInput
        label={texts.cells.seed}
        value={fields.seed}
        min={0}
        max={2 ** 32 - 1}
        onChange={(seed) => change({ seed })}
      />
    </div>
  );
}
