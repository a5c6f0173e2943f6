// Runs the vectors on h1wire as it is bundled for the inspector page's worker.

import * as h1wire from 'h1wire'
import { formatConformance } from '../../vectors/format/harness.mjs'
import { conformance } from '../../vectors/harness.mjs'

const asked = async (path) => (await fetch(path)).json()

await h1wire.init()
const read = conformance(h1wire, await asked('/vectors.json'))
const written = formatConformance(h1wire, await asked('/format-vectors.json'))
self.postMessage({ read: await read, written: await written })
