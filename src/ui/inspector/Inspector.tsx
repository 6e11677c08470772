import { BlockPlans } from "../plans/BlockPlans";
import { useTexts } from "../Texts";
import { BlockPanel } from "./BlockPanel";
import styles from "./Inspector.module.css";
import { Outline } from "./Outline";
import { useSubject } from "./useSubject";
import { WeightsPanel } from "./WeightsPanel";
import "../composer/palette/families.css";

/** Information about the selected block: its fields, shapes and weights; below, the outline of all models. */
export function Inspector() {
  const texts = useTexts().inspector;
  const subject = useSubject();
  return (
    <div className={styles.inspector}>
      {subject === null ? (
        <section className={styles.blank} aria-label={texts.title}>
          <h2 className={styles.blankTitle}>{texts.emptyTitle}</h2>
          <ol className={styles.steps}>
            {texts.emptySteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      ) : (
        <>
          <BlockPanel key={subject.key} subject={subject} />
          {subject.description && <WeightsPanel subject={subject} description={subject.description} />}
          {subject.description?.built && <BlockPlans model={subject.model} path={subject.description.path} />}
        </>
      )}
      <Outline />
    </div>
  );
}
