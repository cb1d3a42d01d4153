import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * The gateway serves the result under `default-src 'none'` with Trusted Types: nothing may be inlined, neither scripts nor assets
 * as data: URLs. Legal comments go, since they would be the only thing that differs between otherwise equal bundles.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Schemas read the setting when they are made, so that it must be made with zod, before any chunk that holds a schema.
          groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|without-eval\.ts$/ }],
        },
      },
    },
  },
});
