import { widgets } from "./en/widgets";

export const en = { widgets };
