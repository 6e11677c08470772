import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { kindsPlugin } from "./scripts/kindsPlugin.ts";
import { sessionPlugin } from "./scripts/sessionPlugin.ts";

export default defineConfig({
  // Relative, so that the build works under any path of any static host.
  base: "./",
  plugins: [
    // react-aria's announcements in the page's two languages; all of them would be 25 kB of the first load.
    { ...optimizeLocales.vite({ locales: ["en-US", "zh-CN"] }), enforce: "pre" },
    react(),
    kindsPlugin(),
    sessionPlugin(),
  ],
  html: { cspNonce: "weightroom" },
  // An inlined asset is a data: URL, which the page's CSP refuses for fonts and workers.
  // Sizes are held by scripts/checkBudget.mjs.
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
