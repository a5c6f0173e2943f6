// `npm run inspector [-- PORT]`: makes the clone ready, then serves the inspector page on loopback until Ctrl-C.

import { isMain, main } from './lib/main.mjs'
import { startUi } from './lib/ui.mjs'
import { setup } from './setup.mjs'

async function inspector(port = '0') {
  await setup()
  const { url, ended } = await startUi({ words: ['--port', port] })
  console.log(`The inspector is at ${url} (Ctrl-C ends it)`)
  await ended
}

if (isMain(import.meta)) main(() => inspector(process.argv[2]))
