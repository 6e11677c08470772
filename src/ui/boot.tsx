import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { localeOf } from "../i18n/language";
import { loadTexts } from "../i18n/loadTexts";
import { automation, type Automation } from "../store/automation";
import { readAddress } from "../store/library/opening";
import { autosave, libraryStore, session, settingsStore, tabsStore } from "../store/stores";
import { App } from "./App";
import { ErrorBoundary } from "./ErrorBoundary";
import { composerModule, editorModule, markdownModule } from "./notebook/parts";
import { TextsProvider } from "./Texts";

declare global {
  interface Window {
    /** For `npm run notebook` and other programs that control the page. */
    weightroom: Automation;
  }
}

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** Paints the page, opens what its address requests, and only then starts the session. */
export async function boot(element: HTMLElement): Promise<void> {
  showTheme();
  settingsStore.subscribe(showTheme);
  darkSystem.addEventListener("change", showTheme);

  const root = createRoot(element);
  await render(root);
  settingsStore.subscribe(({ language }, before) => {
    if (language !== before.language) void render(root);
  });

  // Most notebooks need them, so they load in parallel with the notebook.
  for (const part of [markdownModule, composerModule]) part.load().catch(() => undefined);
  const { openAddress, refreshGallery } = libraryStore.getState();
  await refreshGallery(settingsStore.getState().language);
  await openAddress(location.hash);
  window.addEventListener("popstate", () => {
    // Links within a text change the fragment too. Only the app's own fragments and an empty one open a notebook.
    if (location.hash === "" || readAddress(location.hash).kind !== "none") void openAddress(location.hash);
  });
  window.addEventListener("pagehide", () => {
    autosave.journal();
    tabsStore.getState().leave();
  });
  // A page restored from the back/forward cache.
  window.addEventListener("pageshow", ({ persisted }) => persisted && tabsStore.getState().opened());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void autosave.flush();
  });

  window.weightroom = automation;
  await painted();
  session.start().catch(() => undefined);
  whenIdle(() => void editorModule.load().catch(() => undefined));
}

async function render(root: ReturnType<typeof createRoot>) {
  const { language } = settingsStore.getState();
  const texts = await loadTexts(language);
  document.documentElement.lang = localeOf(language);
  void libraryStore.getState().refreshGallery(language);
  root.render(
    <StrictMode>
      <TextsProvider texts={texts} language={language}>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </TextsProvider>
    </StrictMode>,
  );
}

function showTheme() {
  const { theme } = settingsStore.getState();
  const dark = theme === "dark" || (theme === "system" && darkSystem.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

function whenIdle(task: () => void) {
  if ("requestIdleCallback" in window) requestIdleCallback(task, { timeout: 3000 });
  else setTimeout(task, 1000);
}
