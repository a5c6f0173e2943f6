// What exchanges run on: it prints, checks, counts, and takes down what was set up for each.

import { inspect, isDeepStrictEqual } from 'node:util'
import { connect } from './client.mjs'
import { startServer } from './server.mjs'
import { transcript } from './transcript.mjs'

export class Stage {
  passed = 0
  failed = 0
  #print
  #brief
  #endings = []

  /** `brief` prints of each exchange the title, and what went wrong. */
  constructor(h1wire, { print, brief = false }) {
    this.h1wire = h1wire
    this.#print = print
    this.#brief = brief
  }

  get backend() {
    return this.h1wire.backend
  }

  /** Runs one exchange under its title; one that throws or checks nothing is wrong, and the next goes on. */
  async exchange(title, run) {
    this.#print(`${this.#brief ? '' : '\n'}=== ${title} (${this.backend})`)
    const before = this.passed
    try {
      await run(this)
      if (this.passed === before) throw new Error('nothing in it came out right')
    } catch (error) {
      this.#wrong(error.stack)
    }
    for (const ending of this.#endings.splice(0).reverse()) await ending()
    if (this.#brief) this.#print(`  right  ${this.passed - before} checks`)
  }

  async server(options) {
    const server = await startServer(this.h1wire, options)
    this.atEnd(() => server.close())
    return server
  }

  client(server, options) {
    const client = connect(this.h1wire, server, options)
    this.atEnd(() => client.close())
    return client
  }

  /** What to do when the exchange is over, last things first. */
  atEnd(ending) {
    this.#endings.push(ending)
  }

  say(text) {
    if (!this.#brief) this.#print(text)
  }

  /** What is asked, with its outcome in a word or two; or the error there is instead of an answer. */
  async attempt(asked) {
    try {
      const exchange = await asked
      return { ...exchange, outcome: `${exchange.head.status} ${exchange.body}`.trimEnd() }
    } catch (error) {
      return Object.assign(error, { outcome: error.code ?? error.message })
    }
  }

  /** Prints what client and server said to each other, and how each read the other. */
  show(exchange, served) {
    this.say(transcript(exchange, served))
  }

  check(what, actual, expected) {
    if (isDeepStrictEqual(actual, expected)) {
      this.passed += 1
      this.say(`  right  ${what}`)
    } else {
      this.#wrong(`${what}: ${inspect(actual)} instead of ${inspect(expected)}`)
    }
  }

  #wrong(what) {
    this.failed += 1
    this.#print(`  WRONG  ${what}`)
  }
}
