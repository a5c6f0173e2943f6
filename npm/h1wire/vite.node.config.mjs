// The Node build: CommonJS is the implementation, and .mjs wrappers hand out the same objects to `import`.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

const source = (name) => join(import.meta.dirname, 'src', name)

/** Beside each entry, an ES module that names what the entry exports. */
const wrappers = {
  name: 'wrappers',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (!chunk.isEntry || chunk.exports.length === 0) continue
      const names = chunk.exports.sort().join(',\n  ')
      const code = `import api from './${chunk.fileName}'\n\nexport const {\n  ${names},\n} = api\n`
      this.emitFile({ type: 'asset', fileName: `${chunk.name}.mjs`, source: code })
    }
  },
}

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'))

export default defineConfig({
  configFile: false,
  root: import.meta.dirname,
  logLevel: 'warn',
  define: { PACKAGE_VERSION: JSON.stringify(version) },
  plugins: [wrappers],
  build: {
    outDir: 'dist/node',
    emptyOutDir: true,
    ssr: true,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      // Entries export what is public, and nothing that another chunk needs of them.
      preserveEntrySignatures: 'strict',
      input: {
        index: source('index.ts'),
        wasm: source('wasm.ts'),
        net: source('net.ts'),
        'wasm-net': source('wasm-net.ts'),
        convert: source('convert.ts'),
        cli: source('cli/bin.ts'),
      },
      output: {
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: '[name].cjs',
        banner: (chunk) => (chunk.name === 'cli' ? '#!/usr/bin/env node' : ''),
      },
    },
  },
})
