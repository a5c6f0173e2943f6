// What the facade asks of a backend: the calls into Rust, and the memory shared with it.

/** More room than this, in octets, for formatting is given back once it was used. */
export const MOST_ROOM = 65_536

/** A parser on the other side: what it is, only its backend knows. */
export type Handle = unknown

/** The calls of one environment. What octets hold never makes one throw. */
export interface Backend {
  /** Which one it is. */
  readonly name: 'native' | 'wasm'
  /** Words shared with Rust (see layout.rs); any call may replace them: read the property anew after each. */
  words: Uint32Array
  /** Octets shared with Rust: body data joined from small pieces; likewise. */
  joined: Uint8Array
  /** Whether the words hold something that is not read yet: no call may be made then. */
  busy: boolean
  /** The words, ready to be filled with options or with what is to be built. */
  prepare(): Uint32Array
  /** Makes a parser by the options in the words. */
  createParser(role: number): Handle
  /**
   * Reads octets of the chunk from `from` on, or from the first; fills the words; returns the text they speak of, if any.
   * A chunk that other threads may change is not read: the status is SHARED then.
   */
  push(handle: Handle, chunk: Uint8Array, from?: number): string | undefined
  /** Tells the end of input; otherwise like `push`. */
  end(handle: Handle): string | undefined
  /** The switch of protocols was declined. */
  resume(handle: Handle): void
  /** Goes on to a connection's next exchange; where its sides then stand, NOWHERE if it cannot now. */
  nextCycle(handle: Handle): number
  /** A response to a request with this method comes after those already expected. */
  expect(handle: Handle, methodId: number): void
  /** So many octets of body were passed on without a push. */
  skip(handle: Handle, octets: number): void
  /** Gives the parser's memory back; once is enough, twice does no harm. */
  free(handle: Handle): void
  /** Has the parser freed, some time, once its owner can no longer be reached. The handle must not lead to it. */
  freeWith(owner: object, handle: Handle): void
  /**
   * The words, ready to be filled with what is to be built: room for so many of them, and for a text and a message of
   * so many code units and octets. Undefined if there is not so much memory.
   */
  prepareFormat(octets: number, words: number): Uint32Array | undefined
  /**
   * What the last format call wrote, handed out: so many octets, room for so many others, and so many octets behind
   * them.
   */
  message(before: number, room: number, after: number): Uint8Array
  /** Builds what the words say of the text: 0, or the number of an error plus 1; undefined if Rust failed. */
  format(text: string): number | undefined
  /** The same, and what is built is sent on a connection. */
  send(handle: Handle, text: string): number | undefined
}
