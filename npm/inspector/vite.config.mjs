// The page as static files: every path relative, nothing inlined, so that the strict policy of index.html holds.

import { defineConfig } from 'vite'

export default defineConfig({
  configFile: false,
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: false,
    // The element's own name stays, so that other pages can name it.
    rolldownOptions: { output: { entryFileNames: 'assets/h1-inspector.js' } },
  },
  worker: { format: 'es' },
})
