// Octets that come in: from files, the clipboard, by drop, and written by hand, whatever format they are in.

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Asked } from './ask.js'
import type { Notice } from './notice.js'
import { octetsOf, type Spelling } from './octets/written.js'
import { count } from './panels/details.js'
import type { Taken } from './protocol.js'

type Octets = Uint8Array<ArrayBuffer>

/** Larger files are not read. */
export const READ = 64 << 20

/** What octets come into. */
export interface Receiver extends ReactiveControllerHost, HTMLElement {
  notice: Notice | undefined
  readonly asked: Asked | undefined
  inspect(octets: Octets): Promise<void>
}

const NAMES: Record<Taken['format'], string> = {
  raw: 'octets',
  hex: 'a hex dump',
  json: 'messages in JSON',
  har: 'a HAR file',
  curl: 'a curl command',
  http: 'a .http file',
  fetch: 'a call of fetch',
  'curl-trace': 'a trace of curl',
  powershell: 'a PowerShell command',
  postman: 'a Postman collection',
  burp: 'items of Burp',
  warc: 'a WARC file',
  js: 'JavaScript',
  rust: 'Rust',
  c: 'C',
}

/** Whether an event is the affair of a control that text is written in, or of a dialog. */
export function isElsewhere(event: Event): boolean {
  const [target] = event.composedPath()
  const isWritten =
    target instanceof Element && target.matches('textarea, input:not([type=checkbox], [type=range])')
  return isWritten || event.composedPath().some((one) => one instanceof HTMLDialogElement)
}

export class Incoming implements ReactiveController {
  readonly #host: Receiver
  /** What came last: of what comes quickly one after the other, only that is shown. */
  #last: unknown

  constructor(host: Receiver) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    document.addEventListener('paste', this.#paste)
    this.#host.addEventListener('dragover', this.#over)
    this.#host.addEventListener('dragleave', this.#leave)
    this.#host.addEventListener('drop', this.#drop)
  }

  hostDisconnected(): void {
    document.removeEventListener('paste', this.#paste)
    this.#host.removeEventListener('dragover', this.#over)
    this.#host.removeEventListener('dragleave', this.#leave)
    this.#host.removeEventListener('drop', this.#drop)
  }

  /** Shows a file. */
  async read(file: File | undefined): Promise<void> {
    if (!file) return
    if (file.size > READ) {
      this.#host.notice = {
        says: `${file.name} has ${count(file.size)}: files of up to ${count(READ)} are read.`,
        warn: true,
      }
      return
    }
    this.#last = file
    try {
      const octets = new Uint8Array(await file.arrayBuffer())
      if (this.#last !== file) return
      await this.#take(octets, file.name, async (refused) => {
        this.#host.notice = refused ? { says: `${refused}. Shown as it is.`, warn: true } : undefined
        await this.#host.inspect(octets)
      })
    } catch (error) {
      // A folder, or a file that has gone.
      this.#host.notice = {
        says: `${file.name} cannot be read: ${error instanceof Error ? error.message : error}`,
        warn: true,
      }
    }
  }

  /** Shows what was written by hand: what the spelling says it stands for, or what it is recognised as. */
  async write(text: string, spelling: Spelling | 'other'): Promise<void> {
    this.#last = text
    if (spelling !== 'other') {
      this.#host.notice = undefined
      return this.#host.inspect(octetsOf(text, spelling))
    }
    const octets = octetsOf(text, 'as-is')
    await this.#take(octets, '', (refused) => {
      const what =
        refused === undefined
          ? 'This is none of the formats that are recognised: taken as text'
          : 'Taken as text'
      return this.#asText(text, 'crlf', what, refused)
    })
  }

  readonly #paste = (event: ClipboardEvent) => {
    if (isElsewhere(event)) return
    const [file] = event.clipboardData?.files ?? []
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (file) this.read(file)
    else if (text !== '')
      this.#take(octetsOf(text, 'as-is'), '', (refused) => this.#asText(text, 'crlf', 'Pasted', refused))
    else return
    event.preventDefault()
  }

  async #asText(text: string, spelling: 'crlf' | 'as-is', what: string, refused?: string): Promise<void> {
    await this.#host.inspect(octetsOf(text, spelling))
    const crlf = spelling === 'crlf'
    this.#host.notice = {
      says: `${refused ? `${refused}. ` : ''}${what}${crlf ? ', with CR LF for each line end.' : ' as it is: line ends are what they were.'}`,
      warn: Boolean(refused),
      actions: [
        {
          title: crlf ? 'Take it as it is' : 'Make line ends CR LF',
          act: () => this.#asText(text, crlf ? 'as-is' : 'crlf', what),
        },
      ],
    }
  }

  /** Shows what input stands for, and says what it was taken for; as octets it is shown by `asItIs`. */
  async #take(input: Octets, name: string, asItIs: (refused?: string) => Promise<void>): Promise<void> {
    this.#last = input
    const taken = await this.#host.asked?.take(input, name)
    if (this.#last !== input) return
    if (!taken || taken.format === 'raw') return asItIs()
    const { format, refused, notes, streams } = taken
    const what = NAMES[format]
    const [first] = streams
    if (refused !== undefined || !first) {
      const why = refused ?? ['there is no message in it', ...notes.slice(0, 3)].join('; ')
      await asItIs(`This looks like ${what}, and cannot be read as that: ${why}`)
      return
    }
    const show = async (stream: Taken['streams'][number]) => {
      await this.#host.inspect(stream.octets)
      const rest = streams.filter((one) => one !== stream)
      this.#host.notice = {
        says: `Taken for ${what}${streams.length > 1 ? `: its ${stream.of}` : ''}.${told(notes)}`,
        actions: [
          ...rest.map((one) => ({ title: `Its ${one.of}`, act: () => show(one) })),
          { title: 'Take it as it is', act: () => asItIs('') },
        ],
      }
    }
    await show(first)
  }

  readonly #over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.#host.classList.add('dropping')
  }

  readonly #leave = () => this.#host.classList.remove('dropping')

  readonly #drop = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.#host.classList.remove('dropping')
    this.read(event.dataTransfer?.files[0])
  }
}

/** The first of these as sentences, and how many more there are. */
export function told(notes: string[]): string {
  const more = notes.length > 3 ? ` And ${notes.length - 3} more notes.` : ''
  return `${notes
    .slice(0, 3)
    .map((note) => ` ${note}.`)
    .join('')}${more}`
}
