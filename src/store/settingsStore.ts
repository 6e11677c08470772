import { createStore } from "zustand/vanilla";
import { languages, pickLanguage, type Language } from "../i18n/language";

export type ThemeChoice = "system" | "light" | "dark";

const themes: readonly ThemeChoice[] = ["system", "light", "dark"];

/** The part of `localStorage` that is used, so that tests and restricted browsers can provide a substitute. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The default device of cells: the GPU if there is one, or always the CPU. */
export type DeviceChoice = "auto" | "cpu";

const deviceChoices: readonly DeviceChoice[] = ["auto", "cpu"];

export interface SettingsState {
  theme: ThemeChoice;
  language: Language;
  device: DeviceChoice;
  setTheme(theme: ThemeChoice): void;
  setLanguage(language: Language): void;
  setDevice(device: DeviceChoice): void;
}

const themeKey = "weightroom.theme";
const languageKey = "weightroom.language";
const deviceKey = "weightroom.device";

/** Theme and language: the browser's until the user chooses, then remembered. */
export function createSettingsStore(memory: Memory, preferred: readonly string[]) {
  const remembered = <T extends string>(key: string, allowed: readonly T[]): T | undefined => {
    const value = memory.getItem(key);
    return allowed.find((one) => one === value);
  };
  return createStore<SettingsState>()((set) => ({
    theme: remembered(themeKey, themes) ?? "system",
    language: remembered(languageKey, languages) ?? pickLanguage(preferred),
    device: remembered(deviceKey, deviceChoices) ?? "auto",
    setDevice: (device) => {
      memory.setItem(deviceKey, device);
      set({ device });
    },
    setTheme: (theme) => {
      memory.setItem(themeKey, theme);
      set({ theme });
    },
    setLanguage: (language) => {
      memory.setItem(languageKey, language);
      set({ language });
    },
  }));
}

/** `localStorage`, or a substitute in memory if the browser denies access. */
export function openMemory(): Memory {
  try {
    localStorage.setItem("weightroom.probe", "");
    localStorage.removeItem("weightroom.probe");
    return localStorage;
  } catch {
    const entries = new Map<string, string>();
    return {
      getItem: (key) => entries.get(key) ?? null,
      setItem: (key, value) => void entries.set(key, value),
      removeItem: (key) => void entries.delete(key),
    };
  }
}
