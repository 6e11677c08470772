import { Cpu, Split } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useStore } from "zustand";
import { formatCount } from "../../../i18n/numbers";
import type { PlanSplit, PlanUse } from "../../../protocol/protocol";
import { focusStore, runStore } from "../../../store/stores";
import { useLanguage, useTexts } from "../../Texts";
import { Button } from "../../widgets/controls/Button";
import styles from "./PlanNotes.module.css";

const CellPlansDialog = lazy(async () => ({
  default: (await import("../../plans/CellPlansDialog")).CellPlansDialog,
}));

/** Below a cell that ran compiled steps: which ones, how often, and which were split by an awaited value. */
export function PlanNotes({ id }: { id: string }) {
  const plans = useStore(runStore, ({ runs }) => runs[id]?.plans);
  const splits = useStore(runStore, ({ runs }) => runs[id]?.splits);
  const lost = useStore(runStore, ({ runs }) => runs[id]?.status === "lost");
  if (!plans && !splits) return null;
  return (
    <div className={styles.notes}>
      {splits?.map((split, position) => (
        <SplitNote key={position} split={split} />
      ))}
      {plans && <PlansLine plans={plans} lost={lost} />}
    </div>
  );
}

function PlansLine({ plans, lost }: { plans: readonly PlanUse[]; lost: boolean }) {
  const texts = useTexts().plans;
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const [ids, setIds] = useState<readonly number[]>([]);
  const closures = [...new Set(plans.map(({ closure, device }) => texts.plan(closure, device)))];
  const steps = plans.reduce((sum, plan) => sum + plan.steps, 0);
  const list = new Intl.ListFormat(language, { type: "conjunction", style: "narrow" }).format(closures);
  return (
    <p className={styles.line}>
      <Cpu aria-hidden="true" />
      <span>{steps === 1 ? texts.ranOne(list) : texts.ran(formatCount(steps, language), list)}</span>
      {!lost && (
        <Button
          small
          look="plain"
          onPress={() => {
            setIds(plans.map((plan) => plan.id));
            setOpen(true);
          }}
        >
          {texts.show}
        </Button>
      )}
      {open && (
        <Suspense>
          <CellPlansDialog ids={ids} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </p>
  );
}

/** The line is a link into the source. */
function SplitNote({ split: { closure, parts, place } }: { split: PlanSplit }) {
  const texts = useTexts().plans;
  const language = useLanguage();
  return (
    <div className={styles.split} role="note">
      <Split aria-hidden="true" />
      <div>
        <p>
          {texts.split(closure, formatCount(parts, language))}
          {place && (
            <Button small look="plain" onPress={() => focusStore.getState().goTo(place)}>
              {texts.splitLine(formatCount(place.line, language))}
            </Button>
          )}
        </p>
        <p className={styles.remedy}>{texts.splitRemedy}</p>
      </div>
    </div>
  );
}
