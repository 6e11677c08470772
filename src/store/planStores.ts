/** The stores for views of plans, created once: for the inspected block, and for the cell whose plans are shown. */
import { createPlansStore } from "./plansStore";
import { session } from "./stores";

export const blockPlansStore = createPlansStore(session);
export const cellPlansStore = createPlansStore(session);
