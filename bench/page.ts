/** Realm of a page. The driver calls it by Playwright. */
import { type Calls, calls } from "./realm";

declare global {
  interface Window {
    bench: Calls;
  }
}

window.bench = calls;
