// Asks the worker and waits for its answers.

import type { FormatName } from 'h1wire/convert'
import type { Parts, Unmade } from './build/form.js'
import type { Made } from './build/make.js'
import type { Alignment } from './compare/align.js'
import type { Answer, Columns, How, Question, Seen, Steps, Taken } from './protocol.js'

type Told<Tell> = Extract<Answer, { tell: Tell }>
type WithoutId<Any> = Any extends unknown ? Omit<Any, 'id'> : never

interface Waiting {
  ask: Question['ask']
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

/** A worker that holds the octets asked about last. */
export class Asked {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  /** `onProgress` is told how many octets of a long inspection are read. */
  constructor(onProgress: (octets: number) => void) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      if (data.tell === 'progress') {
        if (this.#waiting.has(data.id)) onProgress(data.octets)
        return
      }
      const waiting = this.#waiting.get(data.id)
      this.#waiting.delete(data.id)
      if (data.tell === 'failed') waiting?.reject(new Error(data.message))
      else waiting?.resolve(data)
    })
    this.#worker.addEventListener('error', ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message || 'The worker cannot start'))
      this.#waiting.clear()
    })
  }

  /** Never resolves if newer octets come before it is done. */
  async inspect(octets: Uint8Array, how: How): Promise<Columns> {
    for (const [id, { ask }] of this.#waiting) if (ABOUT_HELD.includes(ask)) this.#waiting.delete(id)
    return (await this.#ask<'inspected'>({ ask: 'inspect', octets, how })).columns
  }

  async readings(): Promise<Seen[]> {
    return (await this.#ask<'readings'>({ ask: 'readings' })).readings
  }

  async steps(): Promise<Steps> {
    return (await this.#ask<'steps'>({ ask: 'steps' })).steps
  }

  /** What input in any format stands for; `name` is that of its file. */
  async take(input: Uint8Array, name = ''): Promise<Taken> {
    return (await this.#ask<'taken'>({ ask: 'take', input, name })).taken
  }

  /** Octets in another format; rejects with what forbids it. `method` is that which a response answers. */
  give(
    octets: Uint8Array,
    format: FormatName,
    how: How,
    method: string | undefined,
  ): Promise<{ text: string; notes: string[] }> {
    return this.#ask<'given'>({ ask: 'give', octets, format, how, method })
  }

  /** The octets of a message of these parts, or why it is refused. */
  async make(parts: Parts): Promise<Made> {
    return (await this.#ask<'made'>({ ask: 'make', parts })).made
  }

  /** The parts of the message that octets begin with, or why it cannot be read; `method` is that which it answers. */
  async unmake(
    octets: Uint8Array,
    kind: 'request' | 'response',
    how: How,
    method: string | undefined,
  ): Promise<Unmade | string> {
    return (await this.#ask<'unmade'>({ ask: 'unmake', octets, kind, how, method })).unmade
  }

  async align(left: Uint8Array, right: Uint8Array): Promise<Alignment> {
    return (await this.#ask<'aligned'>({ ask: 'align', left, right })).alignment
  }

  end(): void {
    this.#worker.terminate()
  }

  #ask<Tell>(question: WithoutId<Question>): Promise<Told<Tell>> {
    const id = ++this.#last
    this.#worker.postMessage({ ...question, id })
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, { ask: question.ask, resolve: resolve as (answer: Answer) => void, reject }),
    )
  }
}

/** What newer octets make void. */
const ABOUT_HELD: readonly Question['ask'][] = ['inspect', 'readings', 'steps']
