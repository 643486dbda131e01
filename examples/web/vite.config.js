import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: { outDir: "dist/page", emptyOutDir: true, target: "es2022" },
  // `npm run dev`, beside `node dist/server.js`. The page's origin is Vite's, and is passed on as it came.
  server: { proxy: { "/grpc": { target: "http://127.0.0.1:8080", ws: true } } },
});
