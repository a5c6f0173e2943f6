// A request-target taken apart by the core: nothing of it is decoded or normalised here.

import type { Backend } from '../backend/backend.js'
import {
  CALL_TARGET,
  FORM_ABSOLUTE,
  FORM_ASTERISK,
  FORM_AUTHORITY,
  FORM_ORIGIN,
  NOWHERE,
  TARGET_FORM,
  TARGET_PARTS,
} from '../generated/layout.js'
import { ask, gather } from './build.js'
import { misfit } from './lines.js'

/** The four forms of a request-target (RFC 9112 section 3.2). */
export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk'

/** A request-target taken apart: each part as it was sent, `undefined` where there is none. */
export interface Target {
  /** `/path?query`; a whole URI, as proxies get it; `host:port`, with CONNECT; or `*`. */
  readonly form: TargetForm
  /** Of absolute-form, without its colon, in the case it was sent. */
  readonly scheme: string | undefined
  /** Of absolute and authority-form, an IPv6 address in its brackets. Userinfo, which http and https cannot have, is left out. */
  readonly host: string | undefined
  /** The digits behind the host's colon, perhaps none of them. */
  readonly port: string | undefined
  /** Of origin and absolute-form; in the second perhaps empty. Neither decoded nor without its dots. */
  readonly path: string | undefined
  /** What is behind the first question mark. */
  readonly query: string | undefined
}

/** Takes the target of a head apart. @throws As `parseTarget` of the API. */
export function parseTarget(backend: Backend, head: { method: string; target: string }): Target {
  if (typeof head !== 'object' || head === null) {
    throw new TypeError(misfit('head', 'an object with method and target', head))
  }
  const { method, target } = head
  if (typeof method !== 'string') throw new TypeError(misfit('method', 'a string', method))
  if (typeof target !== 'string') throw new TypeError(misfit('target', 'a string', target))
  const words = ask(backend, gather(CALL_TARGET, method + target, [method.length, target.length]))
  const form = FORMS[words[TARGET_FORM] as number] as TargetForm
  const places = Array.from(words.subarray(TARGET_PARTS, TARGET_PARTS + 10))
  const part = (number: number): string | undefined => {
    const [start, end] = [places[2 * number], places[2 * number + 1]]
    return start === NOWHERE ? undefined : target.slice(start, end)
  }
  return { form, scheme: part(0), host: part(1), port: part(2), path: part(3), query: part(4) }
}

const FORMS: Record<number, TargetForm> = {
  [FORM_ORIGIN]: 'origin',
  [FORM_ABSOLUTE]: 'absolute',
  [FORM_AUTHORITY]: 'authority',
  [FORM_ASTERISK]: 'asterisk',
}
