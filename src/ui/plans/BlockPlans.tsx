import { useEffect } from "react";
import { useStore } from "zustand";
import { blockPlanView } from "../../store/planViews";
import { sessionStore } from "../../store/stores";
import { Section } from "../inspector/Section";
import { useTexts } from "../Texts";
import { PlanList } from "./PlanList";

/** The dispatches of a block, from the last compiled steps that it took part in. */
export function BlockPlans({ model, path }: { model: string; path: string }) {
  const texts = useTexts().plans;
  const revision = useStore(sessionStore, (state) => state.revision);
  useEffect(() => void blockPlanView.getState().show({ model, path }), [model, path, revision]);
  return (
    <Section title={texts.section}>
      <PlanList store={blockPlanView} empty={texts.none} ownOnly />
    </Section>
  );
}
