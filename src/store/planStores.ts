/** The stores of the views of plans, made once: of the inspected block, and of the cell whose plans are shown. */
import { createPlansStore } from "./plansStore";
import { session } from "./stores";

export const blockPlansStore = createPlansStore(session);
export const cellPlansStore = createPlansStore(session);
