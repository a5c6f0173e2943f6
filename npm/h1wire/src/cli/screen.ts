// What a terminal is shown of octets that came from elsewhere: text, its controls spelled out.

/** Text in which nothing is left that a terminal obeys, but tabs and line ends. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, spelled)
}

/** A character as `\x1b`. */
function spelled(unit: string): string {
  return `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/** Octets one piece after another; from the first that is no text on, nothing is shown. */
export class Screen {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  private binary = false

  /** `explain` is called once, if something is not shown. */
  constructor(private readonly explain: (why: string) => void) {}

  shown(octets: Uint8Array): string {
    if (this.binary) return ''
    try {
      const text = this.decoder.decode(octets, { stream: true })
      if (!text.includes('\0')) return harmless(text.replaceAll('\r\n', '\n'))
    } catch {
      // No UTF-8.
    }
    this.binary = true
    this.explain('what is not text is not written to a terminal: send it to a file or a pipe')
    return ''
  }
}
