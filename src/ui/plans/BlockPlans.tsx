import { useEffect } from "react";
import { useStore } from "zustand";
import { blockPlansStore } from "../../store/planStores";
import { sessionStore } from "../../store/stores";
import { Section } from "../inspector/Section";
import { useTexts } from "../Texts";
import { PlanList } from "./PlanList";

/** The dispatches of a block, from the last compiled steps that it took part in. */
export function BlockPlans({ model, path }: { model: string; path: string }) {
  const texts = useTexts().plans;
  const revision = useStore(sessionStore, (state) => state.revision);
  useEffect(() => void blockPlansStore.getState().show({ model, path }), [model, path, revision]);
  return (
    <Section title={texts.section}>
      <PlanList store={blockPlansStore} empty={texts.none} ownOnly />
    </Section>
  );
}
