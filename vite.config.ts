import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { sessionPlugin } from "./scripts/sessionPlugin";

export default defineConfig({
  // Relative, so that the build works under any path of any static host.
  base: "./",
  plugins: [react(), sessionPlugin()],
  html: { cspNonce: "weightroom" },
  // An inlined asset is a data: URL, which the page's CSP refuses for fonts and workers.
  build: { assetsInlineLimit: 0 },
});
