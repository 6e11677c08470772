import { Check, Copy } from "lucide-react";
import { useStore } from "zustand";
import { formatShape } from "../../base/shape";
import type { WeightDescription, WeightValues } from "../../protocol/protocol";
import { kindInfoOf } from "../../notebook/composition/compositionTree";
import { printLiteral } from "../../notebook/composition/compositionValues";
import { inspectorStore } from "../../store/modelStores";
import { sessionStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { Heatmap } from "../widgets/tensor/Heatmap";
import { Histogram } from "../widgets/tensor/Histogram";
import { Segmented } from "../widgets/controls/Segmented";
import { StatisticsLine } from "../widgets/tensor/StatisticsLine";
import { TensorTable } from "../widgets/tensor/TensorTable";
import { useCopy } from "../widgets/useCopy";
import styles from "./Inspector.module.css";
import { Facts } from "./Section";
import { ValueForm } from "./ValueForm";

/** One weight: its location, its initializer, its statistics and its values, each of which can be edited. */
export function WeightPanel({ model, weight }: { model: string; weight: WeightDescription }) {
  const texts = useTexts().inspector.weight;
  const { values, loading, error, view, setView } = useStore(inspectorStore);
  const { path, shape, dtype, device, aliases } = weight;
  const current = values?.weight.path === path ? values : null;
  const facts = [
    [texts.shape, <code key="s">{formatShape(shape)}</code>],
    [texts.dtype, <code key="t">{dtype}</code>],
    [texts.device, <code key="d">{device}</code>],
    [texts.initializer, current && <Origin key="o" values={current} />],
    [texts.tied, aliases.length > 0 && aliases.map((alias) => <CopyPath key={alias} path={alias} />)],
  ] as const;
  return (
    // Weights are not part of the document: undo here would revert something else, out of view.
    <div className={styles.panel} aria-busy={loading} data-no-undo>
      <CopyPath path={path} />
      <Facts entries={facts} />
      {error !== null && (
        <p className={styles.error} role="alert">
          {texts.failed} {error}
        </p>
      )}
      {!current && loading && <p className={styles.aside}>{texts.loading}</p>}
      {current && (
        <>
          <StatisticsLine statistics={current.statistics} />
          <Segmented
            label={texts.view}
            choices={(["heatmap", "table", "histogram"] as const).map((value) => ({ value, label: texts[value] }))}
            value={view}
            onChange={setView}
          />
          <Values values={current} view={view} />
          <ValueForm key={model + path} values={current} />
        </>
      )}
    </div>
  );
}

function Values({ values, view }: { values: WeightValues; view: "table" | "heatmap" | "histogram" }) {
  const { index, setIndex, setValue } = useStore(inspectorStore);
  const { shape, dtype, path } = values.weight;
  const shared = { values: values.values, shape, label: path, selected: index ?? undefined, onSelect: setIndex };
  if (view === "histogram") return <Histogram statistics={values.statistics} height={120} />;
  if (view === "heatmap") return <Heatmap {...shared} />;
  return <TensorTable {...shared} dtype={dtype} onEdit={(at, value) => void setValue(at, value)} />;
}

/** `Random normal stddev 0.01 (edited)`. */
function Origin({ values: { initializer, edited } }: { values: WeightValues }) {
  const texts = useTexts().inspector.weight;
  const language = useLanguage();
  const kinds = useStore(sessionStore, ({ catalogue }) => catalogue?.initializers ?? []);
  const fields = Object.entries(initializer?.fields ?? {}).map(([name, value]) => `${name} ${printLiteral(value)}`);
  return (
    <>
      {initializer
        ? (kindInfoOf(kinds, initializer.kind)?.title[language] ?? initializer.kind)
        : texts.customInitializer}
      {fields.length > 0 && <span className={styles.muted}> {fields.join(", ")}</span>}
      {edited && <span className={styles.muted}> {texts.edited}</span>}
    </>
  );
}

function CopyPath({ path }: { path: string }) {
  const texts = useTexts().inspector.weight;
  const { copied, copy } = useCopy();
  return (
    <button type="button" className={styles.path} aria-label={texts.copyPath(path)} onClick={() => copy(path)}>
      <code>{path}</code>
      {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      <span className={styles.copied} role="status">
        {copied && texts.copied}
      </span>
    </button>
  );
}
