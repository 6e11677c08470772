import { ChevronRight } from "lucide-react";
import { useId } from "react";
import { useStore } from "zustand";
import { formatCount } from "../../i18n/numbers";
import type { DispatchDescription, KindInfo, PlanDescription } from "../../protocol/protocol";
import type { PlanViewStore } from "../../store/session/planViewStore";
import { sessionStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { DispatchDetail } from "./DispatchDetail";
import styles from "./Plans.module.css";
import { workTexts } from "./workTexts";

/** Number of owners named in a row of the list; the open dispatch names all. */
const maxNamed = 3;

const noKinds: readonly KindInfo[] = [];

interface PlanListProps {
  store: PlanViewStore;
  /** Shown if there are no plans. */
  empty: string;
  /** Omits dispatches that do not involve the block. */
  ownOnly?: boolean;
}

/** Plans and their dispatches, each of which opens in place. */
export function PlanList({ store, empty, ownOnly = false }: PlanListProps) {
  const texts = useTexts().plans;
  const { plans, error } = useStore(store);
  if (error !== null) {
    return (
      <p className={styles.error} role="alert">
        {texts.failed} {error}
      </p>
    );
  }
  if (plans === null) return <p className={styles.muted}>{texts.loading}</p>;
  if (plans.length === 0) return <p className={styles.hint}>{empty}</p>;
  return (
    <div className={styles.plans}>
      {plans.map((plan) => (
        <Plan key={plan.id} store={store} plan={plan} ownOnly={ownOnly} />
      ))}
    </div>
  );
}

function Plan({ store, plan, ownOnly }: { store: PlanViewStore; plan: PlanDescription; ownOnly: boolean }) {
  const texts = useTexts().plans;
  const language = useLanguage();
  const title = useId();
  const { closure, device, steps, live, dispatches } = plan;
  const count = (value: number) => formatCount(value, language);
  const shown = [...dispatches.entries()].filter(([, { own }]) => own || !ownOnly);
  const notes = [
    texts.steps(count(steps)),
    ownOnly && shown.length < dispatches.length
      ? texts.own(count(shown.length), count(dispatches.length))
      : texts.dispatches(count(dispatches.length)),
    ...(live ? [] : [texts.freed]),
  ];
  return (
    <section className={styles.plan} aria-labelledby={title}>
      <p className={styles.planTitle} id={title}>
        {texts.plan(closure, device)}
      </p>
      <p className={styles.notes}>
        {notes.map((note) => (
          <span key={note}>{note}</span>
        ))}
      </p>
      <ul className={styles.dispatches} aria-label={texts.list(closure)}>
        {shown.map(([index, dispatch]) => (
          <li key={index}>
            <Dispatch store={store} plan={plan} dispatch={dispatch} index={index} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DispatchProps {
  store: PlanViewStore;
  plan: PlanDescription;
  dispatch: DispatchDescription;
  index: number;
}

function Dispatch({ store, plan, dispatch, index }: DispatchProps) {
  const texts = useTexts().plans;
  const language = useLanguage();
  const kinds = useStore(sessionStore, ({ catalogue }) => catalogue?.blocks ?? noKinds);
  const isOpen = useStore(store, ({ opened }) => opened?.plan === plan.id && opened.dispatch === index);
  const work = workTexts(dispatch.work, texts, kinds, language);
  const named = work.slice(0, maxNamed);
  const place = formatCount(index + 1, language);
  return (
    <>
      <button
        type="button"
        className={styles.dispatch}
        aria-expanded={isOpen}
        onClick={() => void store.getState().open(isOpen ? null : { plan: plan.id, dispatch: index })}
      >
        <ChevronRight aria-hidden="true" className={styles.chevron} />
        <span className={styles.place}>
          <span className={styles.visuallyHidden}>{texts.position(place)}</span>
          <span aria-hidden="true">{place}</span>
        </span>
        <span className={styles.named}>
          {named.map(({ title, ops }, position) => (
            <span key={position}>
              {title} <code className={styles.ops}>{ops}</code>
            </span>
          ))}
          {work.length > maxNamed && (
            <span className={styles.muted}>{texts.more(formatCount(work.length - maxNamed, language))}</span>
          )}
        </span>
      </button>
      {isOpen && (
        <DispatchDetail store={store} plan={plan} dispatch={dispatch} work={work.length > maxNamed ? work : null} />
      )}
    </>
  );
}
