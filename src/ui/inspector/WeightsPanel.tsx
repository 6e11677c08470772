import { useEffect } from "react";
import { useStore } from "zustand";
import { formatShape, sizeOf } from "../../base/shape";
import { formatCount } from "../../i18n/numbers";
import type { BlockDescription, WeightDescription } from "../../session/protocol";
import { inspectorStore } from "../../store/modelStores";
import { useLanguage, useTexts } from "../Texts";
import styles from "./Inspector.module.css";
import { Section } from "./Section";
import { type Subject, weightsIn } from "./useSubject";
import { WeightPanel } from "./WeightPanel";

/** Beyond this many values a weight is read when it is asked for, not because its block was selected. */
const readAtOnce = 1_000_000;

/** The weights of a block and of all in it; the chosen one with its values. */
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

/** A block's first weight is shown with the block, unless one of its weights is shown already. */
function useShowFirst(model: string, weights: readonly WeightDescription[], chosen: boolean): void {
  const first = weights[0];
  const path = first && sizeOf(first.shape) <= readAtOnce ? first.path : undefined;
  useEffect(() => {
    if (!chosen && path !== undefined) inspectorStore.getState().show({ model, path });
  }, [model, path, chosen]);
}
