// Makes rows, where they do not come of functions timed by turns.
'use strict'

const { summed } = require('./turns.cjs')

/** In place of times, where a row has `unit`, `value` and `peerValue`. */
const NO_TIME = { ns: null, peerNs: null, ratio: null }

/**
 * Two rows for each of ours beside each other: what a request took on the clock, and of the processor. `samples` are
 * `{ clock, processor }` in nanoseconds, by name.
 */
function costRows(suite, work, samples, ours) {
  const peers = [...samples.keys()].filter((name) => !ours.includes(name))
  return [
    [work, 'clock'],
    [`${work}: processor`, 'processor'],
  ].flatMap(([work, what]) => {
    const time = (name) => summed(samples.get(name).map((sample) => sample[what]))
    return ours.flatMap((subject) =>
      peers.map((peer) => timeRow({ suite, work, subject, peer }, time(subject), time(peer))),
    )
  })
}

/** A row of times. */
function timeRow(row, ours, theirs) {
  const { ns, spread } = ours
  return { ...row, ns, peerNs: theirs.ns, ratio: theirs.ns / ns, spread, peerSpread: theirs.spread }
}

module.exports = { NO_TIME, costRows, timeRow }
