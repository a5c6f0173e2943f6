// The octets and how they are read, in the fragment of the address, which browsers never send.

import type { InspectKind, LeniencyName } from 'h1wire'
import type { How } from '../protocol.js'

/** Longer ones make addresses that programs cut off. */
export const LINKED = 32_768
/** A link may hold more than it seems to: what it is inflated to ends here. */
const INFLATED = 1 << 20

/** The fragment, without its #. */
export async function toFragment(octets: Uint8Array<ArrayBuffer>, { kind, lenient }: How): Promise<string> {
  const packed = await through(octets, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY)
  const parameters = new URLSearchParams({ z: base64url(packed) })
  if (kind !== 'auto') parameters.set('kind', kind)
  if (lenient.length > 0) parameters.set('lenient', lenient.join(' '))
  return parameters.toString()
}

/** What a fragment holds, if it is one of ours; throws if it is and is broken. */
export async function fromFragment(
  fragment: string,
  names: readonly LeniencyName[],
): Promise<{ octets: Uint8Array<ArrayBuffer>; how: How } | undefined> {
  const parameters = new URLSearchParams(fragment)
  const packed = parameters.get('z')
  if (packed === null) return undefined
  const octets = await through(unbase64url(packed), new DecompressionStream('deflate-raw'), INFLATED)
  const kind = parameters.get('kind') ?? 'auto'
  const wanted = (parameters.get('lenient') ?? '').split(' ')
  return {
    octets,
    how: {
      kind: ['request', 'response'].includes(kind) ? (kind as InspectKind) : 'auto',
      lenient: names.filter((name) => wanted.includes(name)),
    },
  }
}

/** Octets through a stream that packs or unpacks; a RangeError beyond `most`. */
export async function through(
  octets: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = new Blob([octets]).stream().pipeThrough(stream).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    length += value.length
    if (length > most) {
      await reader.cancel()
      throw new RangeError(`it unpacks to more than ${most} octets`)
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

function base64url(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function unbase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
}
