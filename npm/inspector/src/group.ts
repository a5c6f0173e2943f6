// Readers that see the same, put together: what goes to the page does not grow with the number of messages.

import type { Reading } from 'h1wire'
import type { Seen } from './protocol.js'

/** More messages are counted, and not told one by one. */
const TOLD = 200

/** What is seen by some reader, each once. */
export function grouped(readings: Reading[]): Seen[] {
  const groups: Reading[][] = []
  for (const reading of readings) {
    const group = groups.find(([first]) => first !== undefined && same(first, reading))
    if (group) group.push(reading)
    else groups.push([reading])
  }
  return groups.map((group) => {
    const { messages, refusal, switched } = group[0] as Reading
    return {
      readers: group.map(({ profile, does }) => ({ profile, does })),
      messages: messages.slice(0, TOLD),
      count: messages.length,
      refusal,
      switched,
    }
  })
}

function same(one: Reading, other: Reading): boolean {
  return (
    one.switched === other.switched &&
    one.refusal?.code === other.refusal?.code &&
    one.refusal?.offset === other.refusal?.offset &&
    one.messages.length === other.messages.length &&
    one.messages.every(
      ({ start, end }, index) => start === other.messages[index]?.start && end === other.messages[index]?.end,
    )
  )
}
