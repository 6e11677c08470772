import type { Texts } from "./texts";
import { widgets } from "./zh/widgets";

export const zh: Texts = { widgets };
