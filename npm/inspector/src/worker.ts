// The worker: what calls h1wire runs here. It reads octets in pieces, so that newer ones need not wait for older.

import { init, readings } from 'h1wire'
import { make, unmake } from './build/make.js'
import { align } from './compare/align.js'
import { flatten } from './flatten.js'
import { grouped } from './group.js'
import type { Answer, How, Question } from './protocol.js'
import { stepThrough } from './step-through.js'

const ready = init()
let held: { octets: Uint8Array; how: How } = { octets: new Uint8Array(), how: { kind: 'auto', lenient: [] } }
let newest = 0

self.addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  try {
    if (data.ask === 'inspect') newest = data.id
    await ready
    await answer(data)
  } catch (error) {
    tell({ id: data.id, tell: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
})

async function answer(question: Question): Promise<void> {
  const { id, ask } = question
  switch (ask) {
    case 'inspect': {
      held = question
      const columns = await flatten(question.octets, question.how, (octets) => {
        tell({ id, tell: 'progress', octets })
        return newest === id
      })
      if (columns) {
        const { kind, depth, start, end, after } = columns
        tell({ id, tell: 'inspected', columns }, [kind, depth, start, end, after])
      }
      break
    }
    case 'readings':
      tell({ id, tell: 'readings', readings: grouped(readings(held.octets, { kind: held.how.kind })) })
      break
    case 'steps':
      tell({ id, tell: 'steps', steps: stepThrough(held.octets, held.how) })
      break
    case 'take': {
      const { take } = await conversions()
      tell({ id, tell: 'taken', taken: take(question.input, question.name) })
      break
    }
    case 'make':
      tell({ id, tell: 'made', made: make(question.parts) })
      break
    case 'unmake':
      tell({
        id,
        tell: 'unmade',
        unmade: unmake(question.octets, question.kind, question.how, question.method),
      })
      break
    case 'align':
      tell({ id, tell: 'aligned', alignment: align(question.left, question.right) })
      break
    case 'give': {
      const { give } = await conversions()
      const { octets, format, how, method } = question
      tell({ id, tell: 'given', ...give(octets, format, how, method) })
    }
  }
}

/** What reads and writes other formats: a file of its own, fetched when it is needed. */
const conversions = () => import('./convert.js')

function tell(answer: Answer, columns: ArrayBufferView[] = []): void {
  self.postMessage(answer, { transfer: columns.map(({ buffer }) => buffer as ArrayBuffer) })
}
