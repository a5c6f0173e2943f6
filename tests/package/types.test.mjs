// The declarations as a user's TypeScript sees them, in both module systems and under a bundler.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MODULES } from '../../npm/scripts/lib/paths.mjs'
import { tool } from '../../npm/scripts/lib/run.mjs'
import { installed } from './installed.mjs'
import { main } from './packed.mjs'

const USE = `
const octets: Uint8Array = formatRequest({ target: '/', headers: { Host: 'example.test' } })
const parser = new RequestParser({ lenient: 'strict' })
for (const event of parser.push(octets)) {
  if (event.type === 'head') {
    const host: string | undefined = event.headers.get('host')
    console.log(host)
  } else if (event.type === 'error') {
    const fault: H1Error = event.error
    console.log(fault.code, fault.offset)
  }
}
// @ts-expect-error: a parser takes octets, not text
parser.push('GET / HTTP/1.1')
`
const NAMES = '{ formatRequest, H1Error, RequestParser }'
const OCTETS = `const buffer: Buffer = formatRequest({ target: '/' })\nconsole.log(buffer)\n`
const INIT = `await init()\n`

const CONSUMERS = [
  {
    name: 'ES modules in Node',
    file: 'use.mts',
    text: `import ${NAMES} from 'h1wire'\n${USE}${OCTETS}`,
    module: 'nodenext',
  },
  {
    name: 'CommonJS in Node',
    file: 'use.cts',
    text: `import ${NAMES} from 'h1wire'\n${USE}${OCTETS}`,
    module: 'nodenext',
  },
  {
    name: 'h1wire/wasm in Node',
    file: 'use.mts',
    text: `import ${NAMES} from 'h1wire/wasm'\n${USE}${OCTETS}`,
    module: 'nodenext',
  },
  {
    name: 'classes of both module systems are one',
    file: 'use.mts',
    text: `import { H1Error } from 'h1wire'\nimport required = require('h1wire')\nexport const same: typeof H1Error = required.H1Error\n`,
    module: 'nodenext',
  },
  {
    name: 'a browser, bundled',
    file: 'use.ts',
    text: `import ${NAMES.replace('{', '{ init,')} from 'h1wire'\n${INIT}${USE}`,
    module: 'bundler',
  },
]

const COMMON = { strict: true, noEmit: true, skipLibCheck: false, target: 'es2023' }
const SETTINGS = {
  nodenext: { ...COMMON, module: 'nodenext', lib: ['es2023', 'esnext.disposable'], types: ['node'] },
  bundler: {
    ...COMMON,
    module: 'preserve',
    lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
    types: [],
  },
}

const folder = installed({ after }, [main.tarball], '--omit=optional')
lendNodeTypes()

for (const { name, file, text, module } of CONSUMERS) {
  test(name, () => {
    const consumer = join(folder, name.replaceAll(/\W+/g, '-'))
    mkdirSync(consumer)
    writeFileSync(join(consumer, file), text)
    writeFileSync(
      join(consumer, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: SETTINGS[module], files: [file] }),
    )
    const { status, stdout } = spawnSync(process.execPath, [tool('typescript', 'tsc'), '-p', consumer], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stdout)
  })
}

// The types of Node's own modules, which a user of TypeScript in Node has.
function lendNodeTypes() {
  for (const name of ['@types', 'undici-types'])
    symlinkSync(join(MODULES, name), join(folder, 'node_modules', name), 'junction')
}
