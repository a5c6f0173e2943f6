// The browser build: ES modules, which load ../h1wire.wasm from beside their folder.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

const source = (name) => join(import.meta.dirname, 'src', name)

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'))

export default defineConfig({
  configFile: false,
  root: import.meta.dirname,
  logLevel: 'warn',
  define: { PACKAGE_VERSION: JSON.stringify(version) },
  build: {
    outDir: 'dist/browser',
    emptyOutDir: true,
    // The library mode for browsers would put the wasm into the script; this one leaves its URL alone.
    ssr: true,
    target: 'es2023',
    minify: false,
    rolldownOptions: {
      // Entries export what is public, and nothing that another chunk needs of them.
      preserveEntrySignatures: 'strict',
      input: { index: source('browser.ts'), convert: source('convert-browser.ts') },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
  ssr: { target: 'webworker', noExternal: true },
})
