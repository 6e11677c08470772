import { app } from "./en/app";
import { cells } from "./en/cells";
import { devices } from "./en/devices";
import { files } from "./en/files";
import { history } from "./en/history";
import { library } from "./en/library";
import { outputs } from "./en/outputs";
import { widgets } from "./en/widgets";

export const en = { app, cells, devices, files, history, library, outputs, widgets };
