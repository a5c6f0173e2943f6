// What the three processes of the soak have in common: they do what their parent asks, count, and measure themselves.

/** How often each thing happened, and what must never. */
export class Tally {
  counts = {}
  defects = []

  count(name) {
    this.counts[name] = (this.counts[name] ?? 0) + 1
  }

  defect(what) {
    this.count('defects')
    if (this.defects.length < 20) this.defects.push(what)
  }

  /** An error that a program met: it must have a code of the library. */
  error(error, where) {
    const code = error?.code
    if (typeof code === 'string' && code.startsWith('H1_')) this.count(`${where} ${code}`)
    else this.defect(`${where}: ${error?.stack ?? error}`)
  }
}

/** Answers the parent's messages with what `actions` of that name return. */
export function obey(tally, actions) {
  process.on('warning', (warning) => tally.defect(`warning: ${warning.stack}`))
  process.on('unhandledRejection', (reason) => tally.defect(`unhandled: ${reason?.stack ?? reason}`))
  process.on('uncaughtException', (error) => tally.defect(`uncaught: ${error.stack}`))
  process.on('disconnect', () => process.exit())
  process.on('message', async ({ action, ...given }) => {
    process.send({ action, result: await actions[action](given) })
  })
}

/** What this process holds, when all that can be collected is. */
export async function measured() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  const resources = {}
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1
  return { rss, held: heapUsed + external, resources }
}
