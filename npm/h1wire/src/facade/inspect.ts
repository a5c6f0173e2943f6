// The inspector: any octets taken apart, as a stream of events or as a tree.

// For users whose `lib` has no Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Backend } from '../backend/backend.js'
import {
  CHUNKED,
  FAULTS,
  FINDING,
  FOUND_FAULT,
  FOUND_TOLERATED,
  HAS_LENGTH,
  IS_REQUEST,
  IS_WHOLE,
  KEEP_ALIVE,
  LENIENCIES,
  MESSAGE,
  NODE_CLOSE,
  NODE_KINDS,
  NODE_LEAF,
  NODE_OPEN,
  NOTES,
  NOWHERE,
  PROFILES,
  ROLE_INSPECT_AUTO,
  ROLE_INSPECT_REQUEST,
  ROLE_INSPECT_RESPONSE,
  THEN_MESSAGE,
  THEN_NOTHING,
  TOLERATIONS,
  UNTIL_CLOSE,
} from '../generated/layout.js'
import { wide } from './decode.js'
import { makeDisposable } from './dispose.js'
import { H1Error } from './error.js'
import { type InspectedStructured, StructuredFields } from './inspected-fields.js'
import { Look } from './look.js'
import { octetsOf } from './octets.js'
import { type LeniencyName, methodId, optionWords, type ParserOptions, placeAmong } from './options.js'
import { refuseUnknown } from './unknown.js'

/** What octets hold: what a client sent, what a server sent, or both, one message behind the other. */
export type InspectKind = 'request' | 'response' | 'auto'

/** Options of an inspector. */
export interface InspectOptions extends Pick<ParserOptions, 'limits' | 'lenient'> {
  /**
   * What the octets hold. With `'auto'`, the default, what begins with `HTTP/` is a response, and answers the first
   * request before it that has no answer yet.
   */
  kind?: InspectKind | undefined
  /** The methods of the requests that the responses answer, in order; for `kind: 'response'`. */
  requestMethods?: readonly string[] | undefined
}

/** What a node is. */
export type NodeKind = (typeof NODE_KINDS)[number]['kind']

/** A node: some octets and what they are. Offsets count octets since the inspector began. */
export interface InspectedNode {
  /** What it is, by the name that the RFC gives it. */
  kind: NodeKind
  /** Offset of its first octet. */
  start: number
  /** Offset of what follows its last octet. */
  end: number
  /** Its octets as they read, latin-1: folds as one space. Nodes that hold others have none, nor have bodies and junk. */
  text?: string
  /**
   * For a field-value of a well-known structured field (RFC 9651) that parses, what the field says. The lines of one field
   * share it.
   */
  structured?: InspectedStructured
  /** The section that says what it is. */
  rule: string
  /** The nodes in it, in order; empty for a leaf. The leaves of all nodes hold every octet once. */
  children: InspectedNode[]
}

/** A message that was inspected. */
export interface InspectedMessage {
  /** What it is. */
  kind: 'request' | 'response'
  /** Offset of its first octet. */
  start: number
  /** Offset of what follows its head. */
  headEnd: number
  /** Offset of what follows its last octet. */
  end: number
  /** What delimits its body. */
  framing: 'none' | 'length' | 'chunked' | 'until-close'
  /** Whether the connection persists behind it. */
  keepAlive: boolean
  /** Whether it was read to its end. */
  whole: boolean
  /** For a response, which message it answers, counted from 0; with `kind: 'auto'` alone. */
  answers?: number
}

/** The code of a finding: those of errors, and more. */
export type FindingCode = (typeof FAULTS | typeof TOLERATIONS | typeof NOTES)[number]['code']

/** What another reader makes of a message. */
export interface OtherReader {
  /** Its name among the profiles of `readings`. */
  profile: ProfileName
  /** Where it sees the message end. */
  end: number
  /** What it sees behind that: nothing, a message, or a fault. */
  follows: 'nothing' | 'message' | 'refusal'
  /** Where that begins. */
  at?: number
}

/** The name of a profile. */
export type ProfileName = (typeof PROFILES)[number]['name']

/** Something that was found. */
export interface Finding {
  /** The stable code, `H1_…`: what programs compare. */
  code: FindingCode
  /** How bad it is. */
  severity: 'error' | 'warning' | 'note'
  /** Offset of the first octet it is about. */
  start: number
  /** Offset of what follows the last one; `start`, if an octet is missing. */
  end: number
  /** What is the case, as a sentence without a full stop. */
  message: string
  /** The RFC and section, or the limit. */
  rule: string
  /** What to do. */
  fix: string
  /** How strict and lenient readers differ; only where they do. */
  readers?: string
  /** The leniency that was used; only with `H1_TOLERATED`. */
  leniency?: LeniencyName
  /** Who sees what; only with `H1_READERS_DIFFER`. */
  reader?: OtherReader
}

/** Octets taken apart. */
export interface Inspection {
  /** The messages, in order. */
  messages: (InspectedMessage & { node: InspectedNode })[]
  /** What lies side by side: messages, and what is between them. */
  nodes: InspectedNode[]
  /** What was found, by offset. */
  findings: Finding[]
}

/** What an inspector tells as it comes: nodes that hold others are opened and closed. */
export type InspectorEvent =
  | { type: 'open'; kind: NodeKind; start: number; rule: string }
  | { type: 'leaf'; kind: NodeKind; start: number; end: number; text?: string; rule: string }
  | { type: 'close'; kind: NodeKind; end: number; text?: string; rule: string }
  /** What a structured field says, behind its section; `starts` are the offsets of its field-values. */
  | { type: 'structured'; starts: number[]; structured: InspectedStructured }
  | { type: 'message'; message: InspectedMessage }
  | { type: 'finding'; finding: Finding }

/** Takes a stream of octets apart. */
export interface Inspector {
  /**
   * Reads octets, cut in any way, and returns what there is to tell; nothing in them makes it throw. Memory is bounded by
   * the limits: bodies are not kept. Findings come when they are known, which may be behind the octets they are about.
   *
   * @throws TypeError if `chunk` is no Buffer or Uint8Array.
   * @throws H1Error `H1_ENDED` after `end`, `H1_FREED` after `free`, `H1_REENTERED` from inside another call.
   */
  push(chunk: Uint8Array): InspectorEvent[]
  /** Tells the end of input, and returns what there is left to tell. Throws as `push` does. */
  end(): InspectorEvent[]
  /** Announces the method of the next request that a response answers, in order; for `kind: 'response'`. */
  expect(method: string): void
  /** Gives memory back at once; otherwise that happens after `end`, or some time after the inspector was dropped. */
  free(): void
  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}

const KINDS = { request: ROLE_INSPECT_REQUEST, response: ROLE_INSPECT_RESPONSE, auto: ROLE_INSPECT_AUTO }
const OPTION_NAMES = ['kind', 'limits', 'lenient', 'requestMethods']
const FOLLOWS = ['nothing', 'message', 'refusal'] as const

/** Everything there is to say about these octets. */
export function inspect(backend: Backend, bytes: Uint8Array, options?: InspectOptions): Inspection {
  const octets = octetsOf(bytes, 'bytes')
  const look = lookOf(backend, options)
  try {
    const tree = new Tree()
    const decode = decoder(new StructuredFields(), (event) => tree.add(event))
    look.read(octets, decode)
    look.finish(decode)
    return tree.inspection()
  } finally {
    look.free()
  }
}

/** The implementation of an inspector, of which each backend has its own subclass. */
export class StreamInspector implements Inspector {
  readonly #look: Look
  readonly #fields = new StructuredFields()
  #state: 'open' | 'ended' | 'freed' = 'open'

  constructor(backend: Backend, options: InspectOptions | undefined) {
    this.#look = lookOf(backend, options)
    this.#look.freeWith(this)
  }

  push(chunk: Uint8Array): InspectorEvent[] {
    this.#refuse()
    const octets = octetsOf(chunk, 'chunk')
    const events: InspectorEvent[] = []
    this.#look.read(
      octets,
      decoder(this.#fields, (event) => events.push(event)),
    )
    return events
  }

  end(): InspectorEvent[] {
    this.#refuse()
    const events: InspectorEvent[] = []
    this.#look.finish(decoder(this.#fields, (event) => events.push(event)))
    this.#state = 'ended'
    this.#look.free()
    return events
  }

  expect(method: string): void {
    this.#refuse()
    this.#look.expect(methodId(method, 'method'))
  }

  free(): void {
    if (this.#state === 'open') this.#look.free()
    this.#state = 'freed'
  }

  declare [Symbol.dispose]: () => void

  #refuse(): void {
    if (this.#state === 'freed') throw new H1Error('H1_FREED')
    if (this.#state === 'ended') throw new H1Error('H1_ENDED')
  }

  static {
    makeDisposable(StreamInspector.prototype)
  }
}

function lookOf(backend: Backend, options: InspectOptions = {}): Look {
  refuseUnknown(options, 'options', OPTION_NAMES, placeAmong(OPTION_NAMES))
  const { kind = 'auto', limits, lenient, requestMethods } = options
  if (!Object.hasOwn(KINDS, kind)) {
    throw new TypeError("options.kind must be 'request', 'response' or 'auto'")
  }
  const ids = methodIds(requestMethods, kind)
  const given = { ...(limits && { limits }), ...(lenient && { lenient }) }
  const words = optionWords(given, KINDS[kind], OPTION_NAMES)
  const look = new Look(backend, KINDS[kind], words)
  for (const id of ids) look.expect(id)
  return look
}

/** The numbers of methods that are announced. */
export function methodIds(methods: readonly string[] | undefined, kind: string): number[] {
  if (methods === undefined) return []
  if (kind !== 'response') throw new TypeError("options.requestMethods goes with kind: 'response'")
  if (!Array.isArray(methods)) throw new TypeError('options.requestMethods must be an array of methods')
  return methods.map((method, index) => methodId(method, `options.requestMethods[${index}]`))
}

/** Events to nodes that hold one another. */
class Tree {
  readonly #nodes: InspectedNode[] = []
  readonly #messages: Inspection['messages'] = []
  readonly #findings: Finding[] = []
  readonly #open: InspectedNode[] = []
  #closed: InspectedNode | undefined

  add(event: InspectorEvent): void {
    switch (event.type) {
      case 'open': {
        const { kind, start, rule } = event
        this.#open.push(this.#put({ kind, start, end: start, rule, children: [] }))
        break
      }
      case 'leaf': {
        const { kind, start, end, rule, text } = event
        this.#put(
          text === undefined
            ? { kind, start, end, rule, children: [] }
            : { kind, start, end, text, rule, children: [] },
        )
        break
      }
      case 'close': {
        const node = this.#open.pop() as InspectedNode
        node.kind = event.kind
        node.end = event.end
        node.rule = event.rule
        if (event.text !== undefined) node.text = event.text
        this.#closed = node
        break
      }
      case 'structured':
        this.#attach(event.structured, new Set(event.starts))
        break
      case 'message':
        this.#messages.push({ ...event.message, node: this.#closed as InspectedNode })
        break
      case 'finding':
        this.#findings.push(event.finding)
    }
  }

  /** Gives the field-values that begin there, in the section that is open, what they say. */
  #attach(structured: InspectedStructured, starts: ReadonlySet<number>): void {
    for (const line of (this.#open[this.#open.length - 1] as InspectedNode).children) {
      for (const part of line.children) {
        if (part.kind === 'field-value' && starts.has(part.start)) part.structured = structured
      }
    }
  }

  inspection(): Inspection {
    const findings = this.#findings.sort((one, other) => one.start - other.start)
    return { messages: this.#messages, nodes: this.#nodes, findings }
  }

  #put(node: InspectedNode): InspectedNode {
    const parent = this.#open[this.#open.length - 1]
    const siblings = parent === undefined ? this.#nodes : parent.children
    siblings.push(node)
    return node
  }
}

/** Decodes records into events. */
function decoder(
  fields: StructuredFields,
  hear: (event: InspectorEvent) => void,
): (words: Uint32Array, at: number, text: string) => number {
  const tell = (event: InspectorEvent): void => {
    fields.take(event, hear)
    hear(event)
  }
  return (words, at, text) => {
    const first = words[at] as number
    const number = (first >>> 8) & 0xff
    switch (first & 0xff) {
      case NODE_OPEN:
        tell({ type: 'open', kind: kindOf(number), start: wide(words, at + 1), rule: ruleOf(number) })
        return at + 3
      case NODE_LEAF: {
        const [start, end] = [wide(words, at + 1), wide(words, at + 3)]
        const leaf: InspectorEvent = { type: 'leaf', kind: kindOf(number), start, end, rule: ruleOf(number) }
        if (words[at + 6] !== NOWHERE) leaf.text = textOf(words, at + 5, text)
        tell(leaf)
        return at + 7
      }
      case NODE_CLOSE: {
        const end = wide(words, at + 1)
        const close: InspectorEvent = { type: 'close', kind: kindOf(number), end, rule: ruleOf(number) }
        if (words[at + 4] !== NOWHERE) close.text = textOf(words, at + 3, text)
        tell(close)
        return at + 5
      }
      case MESSAGE:
        tell({ type: 'message', message: messageOf(words, at) })
        return at + 8
      case FINDING:
        tell({ type: 'finding', finding: findingOf(words, at) })
        return at + 11
      default:
        throw new H1Error('H1_INTERNAL')
    }
  }
}

function kindOf(number: number): NodeKind {
  return (NODE_KINDS[number] as (typeof NODE_KINDS)[number]).kind
}

function ruleOf(number: number): string {
  return (NODE_KINDS[number] as (typeof NODE_KINDS)[number]).rule
}

function textOf(words: Uint32Array, at: number, text: string): string {
  const start = words[at] as number
  return text.slice(start, start + (words[at + 1] as number))
}

function messageOf(words: Uint32Array, at: number): InspectedMessage {
  const flags = (words[at] as number) >>> 8
  const answers = words[at + 7] as number
  const framing =
    flags & HAS_LENGTH ? 'length' : flags & CHUNKED ? 'chunked' : flags & UNTIL_CLOSE ? 'until-close' : 'none'
  return {
    kind: flags & IS_REQUEST ? 'request' : 'response',
    start: wide(words, at + 1),
    headEnd: wide(words, at + 3),
    end: wide(words, at + 5),
    framing,
    keepAlive: (flags & KEEP_ALIVE) !== 0,
    whole: (flags & IS_WHOLE) !== 0,
    ...(answers !== NOWHERE && { answers }),
  }
}

function findingOf(words: Uint32Array, at: number): Finding {
  const part = ((words[at] as number) >>> 8) & 0xff
  const number = (words[at] as number) >>> 16
  const table = part === FOUND_FAULT ? FAULTS : part === FOUND_TOLERATED ? TOLERATIONS : NOTES
  const { readers, ...row } = table[number] as (typeof FAULTS | typeof NOTES)[number]
  const finding: Finding = { ...row, start: wide(words, at + 1), end: wide(words, at + 3) }
  if (readers !== '') finding.readers = readers
  if (part === FOUND_TOLERATED) finding.leniency = (LENIENCIES[number] as (typeof LENIENCIES)[number]).name
  const profile = words[at + 5] as number
  if (profile !== NOWHERE) {
    const reader = readerOf(words, at + 5)
    finding.reader = reader
    finding.message = describe(reader, PROFILES[profile]?.does ?? '')
  }
  return finding
}

function readerOf(words: Uint32Array, at: number): OtherReader {
  const follows = words[at + 3] as number
  const reader: OtherReader = {
    profile: (PROFILES[words[at] as number] as (typeof PROFILES)[number]).name,
    end: wide(words, at + 1),
    follows: FOLLOWS[follows] as OtherReader['follows'],
  }
  if (follows !== THEN_NOTHING) reader.at = wide(words, at + 4)
  return reader
}

function describe({ end, follows, at }: OtherReader, does: string): string {
  const sees = `A reader that ${does} sees the message end at octet ${end}`
  if (follows === 'nothing') return sees
  return follows === FOLLOWS[THEN_MESSAGE]
    ? `${sees}, and a second message at octet ${at}`
    : `${sees}, and refuses what is at octet ${at}`
}
