// The browser build: one ES module, which loads ../h1wire.wasm from beside itself.

import { join } from 'node:path'
import { defineConfig } from 'vite'

export default defineConfig({
  configFile: false,
  root: import.meta.dirname,
  logLevel: 'warn',
  build: {
    outDir: 'dist/browser',
    emptyOutDir: true,
    // The library mode for browsers would put the wasm into the script; this one leaves its URL alone.
    ssr: true,
    target: 'es2023',
    minify: false,
    rolldownOptions: {
      input: { index: join(import.meta.dirname, 'src', 'browser.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
  ssr: { target: 'webworker', noExternal: true },
})
