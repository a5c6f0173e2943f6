// The annotated view: events of an inspector, and the octets they are about, as lines.

import type { Finding, InspectedMessage, InspectedStructured, InspectorEvent, NodeKind } from '../../index.js'
import type { Paint, Style } from '../colour.js'
import { lines } from './finding-lines.js'
import { Pending } from './pending.js'
import { INDENT, type Layout, type Part, type Row } from './rows.js'
import { structuredLines } from './structured-lines.js'
import type { Window } from './window.js'

/** Kinds of which only the beginning is shown. */
const LONG: readonly NodeKind[] = ['body-data', 'chunk-data', 'junk', 'switched', 'after-close']

/** Nodes that say less about a row than what is in them. */
const WIDE: readonly NodeKind[] = ['request', 'response', 'message-body', 'trailer-section']

const STYLES: ReadonlyMap<NodeKind, Style> = new Map<NodeKind, Style>([
  ['method', 'start'],
  ['request-target', 'start'],
  ['HTTP-version', 'start'],
  ['status-code', 'start'],
  ['reason-phrase', 'start'],
  ['chunk-size', 'start'],
  ['field-name', 'name'],
  ['chunk-ext-name', 'name'],
  ['SP', 'quiet'],
  ['OWS', 'quiet'],
  ['colon', 'quiet'],
  ['line-end', 'quiet'],
  ['leading-line-end', 'quiet'],
  ['BWS', 'warning'],
  ['obs-fold', 'warning'],
  ['dropped-line', 'warning'],
  ['junk', 'error'],
  ['after-close', 'error'],
])

/** Makes lines of events. Findings must come before the octets they are about, or are shown behind them. */
export class View {
  private readonly open: NodeKind[] = []
  private parts: Part[] = []
  private label = ''
  private readonly pending = new Pending()
  /** What fields say whose last value, which begins there, was not shown yet. */
  private readonly said = new Map<number, InspectedStructured>()
  /** What the field says whose line is being shown. */
  private saying: InspectedStructured | undefined
  private shownTo = 0
  private messages = 0
  private out = ''

  constructor(
    private readonly window: Window,
    private readonly layout: Layout,
    private readonly paint: Paint,
    /** How many octets of a body, or of junk, are shown. */
    private readonly most: number,
  ) {}

  /** The lines that these events complete. */
  take(events: readonly InspectorEvent[]): string {
    for (const event of events) this.event(event)
    return this.drain()
  }

  /** The lines that are left. */
  end(): string {
    this.flush()
    for (const finding of this.pending.upTo(Number.POSITIVE_INFINITY)) this.late(finding)
    return this.drain()
  }

  private drain(): string {
    const text = this.out
    this.out = ''
    return text
  }

  private event(event: InspectorEvent): void {
    if (event.type === 'finding') this.found(event.finding)
    else if (event.type === 'structured') this.structured(event.starts.at(-1) as number, event.structured)
    else if (event.type === 'message') this.summary(event.message)
    else if (event.type === 'leaf') this.leaf(event.kind, event.start, event.end)
    else if (event.type === 'close') this.open.pop()
    else this.begin(event.kind)
  }

  private begin(kind: NodeKind): void {
    if (kind === 'request' || kind === 'response') {
      this.flush()
      this.line(this.paint('start', `#${this.messages} ${kind}`))
    }
    this.open.push(kind)
  }

  private found(finding: Finding): void {
    if (finding.start < this.shownTo) this.late(finding)
    else this.pending.add(finding)
  }

  private leaf(kind: NodeKind, start: number, end: number): void {
    const parent = this.open.at(-1)
    const label = parent === undefined || WIDE.includes(parent) || LONG.includes(kind) ? kind : parent
    if (this.parts.length === 0) this.label = label
    const style = STYLES.get(kind) ?? 'value'
    if (LONG.includes(kind)) this.long(kind, style, start, end)
    else this.put(this.window.read(start, end), start, style)
    if (kind !== 'line-end') this.recall(start)
    if (kind.endsWith('line-end') || kind === 'dropped-line') this.flush()
    if (kind === 'line-end' && this.saying !== undefined) this.say(this.saying)
  }

  /** Takes what a field says: to be shown under its last line, or at once if that was shown. */
  private structured(lastValue: number, structured: InspectedStructured): void {
    if (lastValue < this.shownTo) this.say(structured)
    else this.said.set(lastValue, structured)
  }

  /** Looks whether a value begins here that ends what a field says. */
  private recall(start: number): void {
    const structured = this.said.get(start)
    if (structured === undefined) return
    this.said.delete(start)
    this.saying = structured
  }

  private say(structured: InspectedStructured): void {
    this.flush()
    for (const line of structuredLines(structured)) this.line(this.paint('quiet', `${INDENT}${line}`))
    this.saying = undefined
  }

  /** Octets that may be many: rows of their own, as many as are wanted. */
  private long(kind: NodeKind, style: Style, start: number, end: number): void {
    this.flush()
    this.label = kind
    const shown = this.window.read(start, Math.min(end, start + this.most))
    for (let at = 0; at < shown.length; ) {
      const lineEnd = shown.indexOf('\n', at)
      const to = lineEnd === -1 ? shown.length : lineEnd + 1
      this.put(shown.subarray(at, to), start + at, style)
      if (to < shown.length || to === end - start) {
        this.flush()
        this.label = ''
      }
      at = to
    }
    // The line end behind the data of a chunk may join its last row; nothing else is to.
    if (kind !== 'chunk-data') this.flush()
    const left = end - start - shown.length
    if (left === 0) return
    this.flush()
    this.line(this.paint('quiet', `${INDENT}… ${left} octets more`))
    this.shownTo = end
  }

  /** Adds octets to the row, and begins others where it is full. */
  private put(octets: Uint8Array, start: number, style: Style): void {
    for (let at = 0; at < octets.length; ) {
      const room = this.layout.width - this.length
      const piece = octets.subarray(at, at + room)
      this.parts.push({ start: start + at, octets: piece, style })
      at += piece.length
      if (this.length === this.layout.width) {
        this.flush()
        this.label = ''
      }
    }
  }

  private get length(): number {
    return this.parts.reduce((sum, { octets }) => sum + octets.length, 0)
  }

  /** Writes the row, and what was found in it. */
  private flush(): void {
    const first = this.parts[0]
    const last = this.parts.at(-1)
    if (first === undefined || last === undefined) return
    const row: Row = { label: this.label, parts: this.parts }
    this.parts = []
    this.shownTo = last.start + last.octets.length
    this.line(this.layout.line(row, this.paint))
    for (const finding of this.pending.upTo(this.shownTo)) {
      const carets = this.layout.carets(row, finding.start, finding.end)
      this.line(this.paint(finding.severity, carets.trimEnd()))
      for (const line of lines(finding, this.paint)) this.line(`${INDENT}${line}`)
    }
  }

  /** A finding that was known only when its octets had been shown, or about an octet that is missing. */
  private late(finding: Finding): void {
    this.flush()
    const { start, end } = finding
    const where = end > start + 1 ? `octets ${start} to ${end - 1}` : `octet ${start}`
    this.line(this.paint(finding.severity, `${INDENT}at ${where}:`))
    for (const line of lines(finding, this.paint)) this.line(`${INDENT}${line}`)
  }

  private summary(message: InspectedMessage): void {
    this.flush()
    const { start, headEnd, end, framing, keepAlive, whole, answers } = message
    const facts = [
      `${end - start} octets`,
      FRAMINGS[framing],
      `head ${headEnd - start}`,
      keepAlive ? 'the connection persists' : 'the connection ends',
      ...(whole ? [] : ['not whole']),
      ...(answers === undefined ? [] : [`answers #${answers}`]),
    ]
    this.line(this.paint('quiet', `#${this.messages} ${facts.join(', ')}`))
    this.messages++
  }

  private line(text: string): void {
    this.out += `${text}\n`
  }
}

const FRAMINGS: Record<InspectedMessage['framing'], string> = {
  none: 'no body',
  length: 'body by its length',
  chunked: 'body in chunks',
  'until-close': 'body until the connection ends',
}
