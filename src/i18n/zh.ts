import type { Texts } from "./texts";
import { app } from "./zh/app";
import { cells } from "./zh/cells";
import { composer } from "./zh/composer";
import { devices } from "./zh/devices";
import { editor } from "./zh/editor";
import { errors } from "./zh/errors";
import { files } from "./zh/files";
import { history } from "./zh/history";
import { inspector } from "./zh/inspector";
import { library } from "./zh/library";
import { outputs } from "./zh/outputs";
import { plans } from "./zh/plans";
import { widgets } from "./zh/widgets";

export const zh: Texts = {
  app,
  cells,
  composer,
  devices,
  editor,
  errors,
  files,
  history,
  inspector,
  library,
  outputs,
  plans,
  widgets,
};
