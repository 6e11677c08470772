import { useEffect } from "react";
import { useStore } from "zustand";
import { formatShape, sizeOf } from "../../base/shape";
import { formatCount } from "../../i18n/numbers";
import type { BlockDescription, WeightDescription } from "../../protocol/protocol";
import { inspectorStore } from "../../store/modelStores";
import { useLanguage, useTexts } from "../Texts";
import styles from "./Inspector.module.css";
import { Section } from "./Section";
import { type Subject, weightsIn } from "./useSubject";
import { WeightPanel } from "./WeightPanel";

/** A weight with more values is read on request rather than when its block is selected. */
const readAtOnce = 1_000_000;

/** The weights of a block and its children; the selected one with its values. */
export function WeightsPanel({ subject, description }: { subject: Subject; description: BlockDescription }) {
  const texts = useTexts().inspector;
  const shown = useStore(inspectorStore, (state) => state.weight);
  const { model } = subject;
  const weights = weightsIn(description);
  const chosen = shown?.model === model ? weights.find(({ path }) => path === shown.path) : undefined;
  useShowFirst(model, weights, chosen !== undefined);

  if (!description.built) return null;
  if (weights.length === 0) return <p className={styles.aside}>{texts.noWeights}</p>;
  return (
    <Section title={texts.sections.weights}>
      <ul className={styles.weights}>
        {weights.map((weight) => (
          <li key={weight.path}>
            <WeightRow model={model} weight={weight} chosen={weight === chosen} />
          </li>
        ))}
      </ul>
      {chosen && <WeightPanel key={`${model}:${chosen.path}`} model={model} weight={chosen} />}
    </Section>
  );
}

function WeightRow({ model, weight, chosen }: { model: string; weight: WeightDescription; chosen: boolean }) {
  const language = useLanguage();
  const texts = useTexts();
  const { path, shape, trainable, state, aliases } = weight;
  return (
    <button
      type="button"
      className={styles.weight}
      aria-pressed={chosen}
      onClick={() => inspectorStore.getState().show({ model, path })}
    >
      <code className={styles.weightPath}>{path}</code>
      {aliases.length > 0 && <span className={styles.tag}>+{aliases.length}</span>}
      {!trainable && <span className={styles.tag}>{state ? texts.inspector.weight.state : texts.composer.frozen}</span>}
      <code className={styles.weightShape}>{formatShape(shape)}</code>
      <span className={styles.weightCount}>{formatCount(sizeOf(shape), language)}</span>
    </button>
  );
}

/** The first weight of a block is shown with the block, unless one of its weights is already shown. */
function useShowFirst(model: string, weights: readonly WeightDescription[], chosen: boolean): void {
  const first = weights[0];
  const path = first && sizeOf(first.shape) <= readAtOnce ? first.path : undefined;
  useEffect(() => {
    if (!chosen && path !== undefined) inspectorStore.getState().show({ model, path });
  }, [model, path, chosen]);
}
