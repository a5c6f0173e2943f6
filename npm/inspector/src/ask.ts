// Asks the worker and waits for its answers.

import type { Answer, Columns, How, Seen, Steps } from './protocol.js'

/** A worker that holds the octets asked about last. */
export class Asked {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
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
    this.#waiting.clear()
    const answer = await this.#ask({ ask: 'inspect', octets, how })
    return (answer as Extract<Answer, { tell: 'inspected' }>).columns
  }

  async readings(): Promise<Seen[]> {
    return ((await this.#ask({ ask: 'readings' })) as Extract<Answer, { tell: 'readings' }>).readings
  }

  async steps(): Promise<Steps> {
    return ((await this.#ask({ ask: 'steps' })) as Extract<Answer, { tell: 'steps' }>).steps
  }

  end(): void {
    this.#worker.terminate()
  }

  #ask(
    question: { ask: 'inspect'; octets: Uint8Array; how: How } | { ask: 'readings' } | { ask: 'steps' },
  ): Promise<Answer> {
    const id = ++this.#last
    this.#worker.postMessage({ ...question, id })
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }
}
