import { useEffect } from "react";
import { cellPlanView } from "../../store/planViews";
import { useTexts } from "../Texts";
import { Modal } from "../widgets/controls/Modal";
import { PlanList } from "./PlanList";
import styles from "./Plans.module.css";

/** The plans that a cell's run used, and their dispatches. */
export function CellPlansDialog({ ids, onClose }: { ids: readonly number[]; onClose: () => void }) {
  const texts = useTexts().plans;
  useEffect(() => void cellPlanView.getState().show({ ids: [...ids] }), [ids]);
  return (
    <Modal title={texts.dialog} open onClose={onClose} wide>
      <p className={styles.intro}>{texts.intro}</p>
      <PlanList store={cellPlanView} empty={texts.noneLeft} />
    </Modal>
  );
}
