// What an exchange runs on: it prints, checks, counts, and takes down what was set up for it.

import { inspect, isDeepStrictEqual } from 'node:util'
import { connect } from './client.mjs'
import { startServer } from './server.mjs'
import { transcript } from './transcript.mjs'

export class Stage {
  passed = 0
  failed = 0
  #h1wire
  #endings = []

  constructor(h1wire) {
    this.#h1wire = h1wire
  }

  get backend() {
    return this.#h1wire.backend
  }

  /** Runs one exchange under its title; one that throws counts as wrong, and the next goes on. */
  async exchange(title, run) {
    this.say(`\n=== ${title} (${this.backend})`)
    try {
      await run(this)
    } catch (error) {
      this.failed += 1
      this.say(`  WRONG  ${error.stack}`)
    }
    for (const ending of this.#endings.splice(0).reverse()) await ending()
  }

  async server(options) {
    const server = await startServer(this.#h1wire, options)
    this.atEnd(() => server.close())
    return server
  }

  client(server, options) {
    const client = connect(this.#h1wire, server, options)
    this.atEnd(() => client.close())
    return client
  }

  /** What to do when the exchange is over, last things first. */
  atEnd(ending) {
    this.#endings.push(ending)
  }

  say(text) {
    process.stdout.write(`${text}\n`)
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
      this.failed += 1
      this.say(`  WRONG  ${what}: ${inspect(actual)} instead of ${inspect(expected)}`)
    }
  }
}
