import type { Texts } from "./texts";
import { app } from "./zh/app";
import { cells } from "./zh/cells";
import { devices } from "./zh/devices";
import { files } from "./zh/files";
import { history } from "./zh/history";
import { library } from "./zh/library";
import { outputs } from "./zh/outputs";
import { widgets } from "./zh/widgets";

export const zh: Texts = { app, cells, devices, files, history, library, outputs, widgets };
