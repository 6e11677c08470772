import { Check, Copy, Gauge, Scale } from "lucide-react";
import { useStore } from "zustand";
import { formatCount, formatShortDuration } from "../../i18n/numbers";
import type { DispatchDescription, PlanDescription } from "../../protocol/protocol";
import type { PlanViewStore } from "../../store/session/planViewStore";
import { Facts } from "../inspector/Section";
import { useLanguage, useTexts } from "../Texts";
import { Button } from "../widgets/controls/Button";
import { useCopy } from "../widgets/useCopy";
import { CheckResult } from "./CheckResult";
import { CodeText } from "./CodeText";
import styles from "./Plans.module.css";
import type { WorkText } from "./workTexts";

interface DispatchDetailProps {
  store: PlanViewStore;
  plan: PlanDescription;
  dispatch: DispatchDescription;
  /** All owners, if the list does not name all of them. */
  work: readonly WorkText[] | null;
}

/** One dispatch: what it computes and how, its code, and buttons to measure and check it. */
export function DispatchDetail({ store, plan, dispatch, work }: DispatchDetailProps) {
  const texts = useTexts().plans;
  const language = useLanguage();
  const { text, time, check, busy, failed } = useStore(store);
  const { workgroups } = dispatch;
  const count = (value: number) => formatCount(value, language);
  const [x, y] = workgroups ?? [0, 0];
  const facts = [
    [texts.computes, work && <WorkList key="c" work={work} />],
    [
      texts.workgroups,
      workgroups ? `${count(x * y)}${y > 1 ? ` (${texts.folded(count(x), count(y))})` : ""}` : texts.noWorkgroups,
    ],
    [texts.language, texts.languages[dispatch.language]],
  ] as const;
  return (
    <div className={styles.detail} aria-busy={busy !== null}>
      <Facts entries={facts} />
      <div className={styles.actions}>
        {/* Pending rather than disabled: a button that becomes disabled loses the focus. */}
        <Button
          small
          isDisabled={!plan.live}
          isPending={busy === "time"}
          onPress={() => void store.getState().measure()}
        >
          <Gauge aria-hidden="true" />
          {busy === "time" ? texts.measuring : texts.measure}
        </Button>
        <Button
          small
          isDisabled={!plan.live}
          isPending={busy === "check"}
          onPress={() => void store.getState().compare()}
        >
          <Scale aria-hidden="true" />
          {busy === "check" ? texts.checking : texts.check}
        </Button>
        <CopyButton text={text} />
      </div>
      <div className={styles.results} role="status">
        {time && (
          <p>
            <strong>{texts.time(formatShortDuration(time.milliseconds, language))}</strong>
            <span className={styles.muted}> {texts.methods[time.method](count(time.runs))}</span>
          </p>
        )}
        {check && <CheckResult check={check} />}
      </div>
      {failed !== null && (
        <p className={styles.error} role="alert">
          {texts.failed} {failed}
        </p>
      )}
      {text !== null && (
        <CodeText text={text} language={dispatch.language} label={texts.text(texts.languages[dispatch.language])} />
      )}
    </div>
  );
}

function WorkList({ work }: { work: readonly WorkText[] }) {
  return (
    <ul className={styles.works}>
      {work.map(({ title, ops }, position) => (
        <li key={position}>
          {title}
          {ops && (
            <>
              : <code>{ops}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function CopyButton({ text }: { text: string | null }) {
  const texts = useTexts().plans;
  const { copied, copy } = useCopy();
  return (
    <Button small look="plain" isDisabled={text === null} onPress={() => copy(text ?? "")}>
      {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      <span role="status">{copied ? texts.copied : texts.copy}</span>
    </Button>
  );
}
