/** The stores for views of plans, created once: for the inspected block, and for the cell whose plans are shown. */
import { createPlanViewStore } from "./session/planViewStore";
import { session } from "./stores";

export const blockPlanView = createPlanViewStore(session);
export const cellPlanView = createPlanViewStore(session);
