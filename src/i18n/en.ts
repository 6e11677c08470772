import { app } from "./en/app";
import { cells } from "./en/cells";
import { composer } from "./en/composer";
import { devices } from "./en/devices";
import { editor } from "./en/editor";
import { errors } from "./en/errors";
import { files } from "./en/files";
import { history } from "./en/history";
import { inspector } from "./en/inspector";
import { library } from "./en/library";
import { outputs } from "./en/outputs";
import { plans } from "./en/plans";
import { widgets } from "./en/widgets";

export const en = {
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
