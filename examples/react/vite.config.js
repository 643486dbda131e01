import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: { outDir: "dist/page", emptyOutDir: true, target: "es2022" },
  oxc: { jsx: { runtime: "automatic" } },
  // `npm run dev`, beside `node dist/server.js`.
  // The Host header stays the page's: it tells the server that the calls come from its own pages.
  server: { proxy: { "/api": { target: "http://127.0.0.1:8080", changeOrigin: false } } },
});
