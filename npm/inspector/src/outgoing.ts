// Octets that go out: copied in some format, saved, or held by a link.

import type { FormatName } from 'h1wire/convert'
import type { Asked } from './ask.js'
import { told } from './incoming.js'
import type { Notice } from './notice.js'
import { firstDifference } from './octets/compared.js'
import type { Inspected, Place } from './octets/inspected.js'
import { LINKED, toFragment } from './octets/permalink.js'
import { count } from './panels/details.js'
import type { Item } from './panels/menu.js'
import type { How } from './protocol.js'

/** More is not copied. */
const COPIED = 1 << 18

/** What octets can be copied as. */
export const COPIES: Item[][] = [
  [
    { value: 'raw', title: 'Raw text' },
    { value: 'hex', title: 'Hex', hint: 'xxd' },
    { value: 'js', title: 'JavaScript', hint: 'Uint8Array' },
    { value: 'rust', title: 'Rust', hint: 'b"…"' },
    { value: 'c', title: 'C', hint: 'char[]' },
  ],
  [
    { value: 'curl', title: 'curl', hint: 'command' },
    { value: 'fetch', title: 'fetch', hint: 'call' },
    { value: 'har', title: 'HAR', hint: 'archive' },
    { value: 'http', title: '.http', hint: 'file' },
    { value: 'json', title: 'JSON' },
  ],
]

/** Whose octets go out. */
export interface Sender {
  readonly octets: Uint8Array<ArrayBuffer>
  readonly inspected: Inspected | undefined
  readonly how: How
  readonly chosen: Place | undefined
  readonly asked: Asked | undefined
  notice: Notice | undefined
  choose(place: Place): void
}

/** Copies the octets in this format; what that cannot say is told. Secrets go into what is meant for others only if that is meant. */
export async function copyAs(host: Sender, format: string, sure = false): Promise<void> {
  const { asked } = host
  const isMessages = COPIES[1]?.some(({ value }) => value === format)
  if (isMessages && !sure && warned(host, 'whoever gets the copy', () => copyAs(host, format, true))) return
  try {
    if (host.octets.length > COPIED) throw new Error(`there are more than ${count(COPIED)}`)
    if (format === 'raw') return await copyRaw(host)
    const { octets, how, number, method } = isMessages
      ? chosenMessage(host)
      : { octets: host.octets, how: host.how, number: 0, method: undefined }
    const given = await asked?.give(octets, format as FormatName, how, method)
    if (!given) return
    await navigator.clipboard.writeText(given.text)
    const title = COPIES.flat().find(({ value }) => value === format)?.title
    host.notice = {
      says: `${title}${number > 0 ? `, of message ${number} alone` : ''}: copied.${told(given.notes)}`,
    }
  } catch (error) {
    host.notice = { says: `Not copied: ${error instanceof Error ? error.message : error}.`, warn: true }
  }
}

/** Of a stream, the message that something is chosen in; else all there is. */
function chosenMessage({ octets, how, inspected, chosen }: Sender): {
  octets: Uint8Array<ArrayBuffer>
  how: How
  number: number
  /** Of the request that it answers. */
  method: string | undefined
} {
  const messages = inspected?.columns.messages ?? []
  const at =
    inspected && chosen && chosen.node >= 0 && messages.length > 1 ? inspected.messageOf(chosen.node) : -1
  const message = messages[at]
  if (!message) return { octets, how, number: 0, method: undefined }
  const request = messages[message.answers ?? -1]
  return {
    octets: octets.slice(message.start, message.end),
    how: { ...how, kind: message.kind },
    number: at + 1,
    method: request && inspected?.text(request.node, 40).split(' ')[0],
  }
}

async function copyRaw(host: Sender): Promise<void> {
  const { octets } = host
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(octets)
  const again = new TextEncoder().encode(text)
  if (firstDifference(again, octets) >= 0)
    throw new Error('these octets are no text, which is all that a clipboard takes: copy hex, or save them')
  await navigator.clipboard.writeText(text)
  host.notice = { says: 'The octets, as text: copied.' }
}

/** Makes a file of the octets. */
export function save({ octets }: Sender): void {
  const address = URL.createObjectURL(new Blob([octets]))
  const link = Object.assign(document.createElement('a'), { href: address, download: 'octets.bin' })
  link.click()
  URL.revokeObjectURL(address)
}

/** Puts the octets into the page's address and copies that; with secrets in them, only if that is meant. */
export async function link(host: Sender, sure = false): Promise<void> {
  const { octets, how } = host
  if (octets.length > LINKED) {
    host.notice = { says: `Too long for a link: up to ${count(LINKED)} fit.`, warn: true }
  } else if (sure || !warned(host, 'whoever has the link', () => link(host, true))) {
    const address = new URL(location.href)
    address.hash = await toFragment(octets, how)
    history.replaceState(null, '', address)
    try {
      await navigator.clipboard.writeText(address.href)
      host.notice = {
        says: 'A link that holds the octets, in a part of the address that browsers never send: copied.',
      }
    } catch (error) {
      host.notice = { says: `Not copied: ${error instanceof Error ? error.message : error}.`, warn: true }
    }
  }
}

/** Warns if there are secrets among the fields; says whether it did. */
function warned(host: Sender, who: string, act: () => void): boolean {
  const { inspected } = host
  const secrets = inspected?.columns.findings.filter(({ code }) => code === 'H1_SECRET') ?? []
  const [secret] = secrets
  if (!secret || !inspected) return false
  host.notice = {
    says: `${secrets.length === 1 ? 'A field here is a secret' : `${secrets.length} fields here are secrets`}, and ${who} can read it.`,
    warn: true,
    actions: [
      { title: 'Show', act: () => host.choose(inspected.placeOfFinding(secret)) },
      { title: 'Copy all the same', act },
    ],
  }
  return true
}
