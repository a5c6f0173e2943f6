// What tcpdump -X prints: packets in hexadecimal below a line about each; their bytes put into the streams they belong to.

import { ConversionError, within } from './error.js'
import { concat, fromHex } from './octets.js'
import { linesOf } from './text.js'

/** The bytes that each side of the one connection sent, the first sender's first. */
export function packetStreams(text: string, most: number): Uint8Array[] {
  const streams = new Map<string, Uint8Array[]>()
  let packet: string[] = []
  const finish = () => {
    if (packet.length === 0) return
    const { from, data } = payload(fromHex(packet.join('')))
    packet = []
    if (data.length === 0) return
    const pieces = streams.get(from) ?? []
    pieces.push(data)
    streams.set(from, pieces)
  }
  for (const { text: line, number } of linesOf(text)) {
    const row = /^\s+0x([0-9a-f]{4}):((?: {1,2}[0-9a-f]{2,4})+)/i.exec(line)
    within(`line ${number}`, () => {
      if (row === null || /^0+$/.test(row[1] as string)) finish()
      if (row !== null) packet.push((row[2] as string).replaceAll(' ', ''))
    })
  }
  finish()
  if (streams.size > 2) throw new ConversionError('these are packets of several connections: dump one alone')
  const all = [...streams.values()].map((pieces) => concat(pieces))
  if (all.reduce((sum, { length }) => sum + length, 0) > most)
    throw new ConversionError('the dump is too long')
  return all
}

/** Who sent a packet, and what it holds behind the headers of IP and TCP. */
function payload(octets: Uint8Array): { from: string; data: Uint8Array } {
  const [first = 0] = octets
  const version = first >> 4
  const six = version === 6
  if (!six && version !== 4) throw new ConversionError('the packet does not begin with an IP header')
  const [head, total] = six ? [40, 40 + word(octets, 4)] : [(first & 15) * 4, word(octets, 2)]
  if (octets[six ? 6 : 9] !== 6) throw new ConversionError('the packet is not of TCP')
  if (octets.length < total) throw new ConversionError('the packet is cut: say tcpdump -s 0')
  const start = head + ((octets[head + 12] ?? 0) >> 4) * 4
  const address = six ? octets.subarray(8, 24) : octets.subarray(12, 16)
  return { from: `${address.join('.')}:${word(octets, head)}`, data: octets.subarray(start, total) }
}

function word(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}
