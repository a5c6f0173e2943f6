// Octets given and handed out: what counts as octets, views of them, copies of them.
//
// In Node.js what is handed out is a `Buffer`, elsewhere a `Uint8Array`. What is given may be an instance of
// a subclass with a life of its own: such a one is replaced by a plain view, so that no code of others runs
// while an area shared with Rust is in use. Octets that another thread may change are copied before they are read.

type Getter<T> = (octets: unknown) => T

const typedArray = Object.getPrototypeOf(Uint8Array.prototype)
/** Which kind of typed array it is; undefined if it is none. */
export const tagOf = getter<string | undefined>(typedArray, Symbol.toStringTag)
const bufferOf = getter<ArrayBuffer>(typedArray, 'buffer')
const offsetOf = getter<number>(typedArray, 'byteOffset')

/** Throws a TypeError if a typed array's memory is gone: its length, 0 then, does not tell. */
const validate = Function.prototype.call.bind(typedArray.keys) as (view: unknown) => unknown

/** How many octets there are; 0 if their memory was transferred. */
export const lengthOf = getter<number>(typedArray, 'length')

/** Node.js's `Buffer`; absent elsewhere, and a look-alike of it counts as absent. */
export const NodeBuffer: BufferConstructor | undefined =
  typeof globalThis.Buffer === 'function' && 'latin1Slice' in globalThis.Buffer.prototype
    ? globalThis.Buffer
    : undefined

/** How many octets an ArrayBuffer has; a TypeError for all else, also for a SharedArrayBuffer. */
export const sizeOf = getter<number>(ArrayBuffer.prototype, 'byteLength')

// What `subarray` makes in Node.js, which takes twice as long over it.
const PlainView = speciesOf(NodeBuffer)

const plain: object = NodeBuffer === undefined ? Uint8Array.prototype : NodeBuffer.prototype

/** The octets as an instance of exactly the class that is handed out; a TypeError if it is anything else. */
export function octetsOf(value: unknown, what: string): Uint8Array {
  return unshared(plainOf(value, what))
}

/** The same, but other threads may change them. */
export function plainOf(value: unknown, what: string): Uint8Array {
  if (tagOf(value) !== 'Uint8Array') throw new TypeError(describeMisfit(value, what))
  const octets = value as Uint8Array
  // Engines find out the prototype fast behind a property access, and slowly anywhere else.
  if (octets.length !== 0 && Object.getPrototypeOf(octets) === plain) return octets
  const length = lengthOf(octets)
  if (length !== 0) return over(bufferOf(octets), offsetOf(octets), length)
  refuseGone(octets, what)
  return empty()
}

/** Throws a TypeError if the memory of a typed array is gone. */
export function refuseGone(view: unknown, what: string): void {
  try {
    validate(view)
  } catch (cause) {
    throw new TypeError(`${what} has lost its memory: it was transferred, or made smaller`, { cause })
  }
}

/** Plain octets, or a copy of them if other threads may change them. */
export function unshared(octets: Uint8Array): Uint8Array {
  return isShared(octets) ? copy(octets, 0, octets.length) : octets
}

/** Whether other threads may change the octets: of whatever realm their memory is, and whatever its prototype. */
export function isShared(octets: Uint8Array): boolean {
  try {
    sizeOf(bufferOf(octets))
    return false
  } catch {
    return true
  }
}

/** A view of octets that `octetsOf` returned, from one of their indices to another. */
export function view(octets: Uint8Array, start: number, end: number): Uint8Array {
  if (PlainView === undefined) return octets.subarray(start, end)
  return new PlainView(bufferOf(octets), offsetOf(octets) + start, end - start)
}

/** A view of memory. */
export function over(memory: ArrayBuffer, offset: number, length: number): Uint8Array {
  return NodeBuffer === undefined
    ? new Uint8Array(memory, offset, length)
    : NodeBuffer.from(memory, offset, length)
}

/** No octets. */
export function empty(): Uint8Array {
  return NodeBuffer === undefined ? new Uint8Array(0) : NodeBuffer.alloc(0)
}

/** No octets, in one object that all share: for what nobody writes to. */
export const NO_OCTETS: Uint8Array = /* @__PURE__ */ empty()

/** New memory of this length, holding anything until it is written. */
export function allocate(length: number): Uint8Array {
  return NodeBuffer === undefined ? new Uint8Array(length) : NodeBuffer.allocUnsafe(length)
}

/** New octets, copied from a part of these. */
export function copy(octets: Uint8Array, start: number, end: number): Uint8Array {
  const copied = allocate(end - start)
  copied.set(view(octets, start, end))
  return copied
}

/** Whether the octets of `part`, of which there are some, occur anywhere. */
export function includes(octets: Uint8Array, part: Uint8Array): boolean {
  if (NodeBuffer !== undefined) return NodeBuffer.prototype.indexOf.call(octets, part) !== -1
  const [first] = part as unknown as [number]
  for (let at = octets.indexOf(first); at !== -1; at = octets.indexOf(first, at + 1)) {
    if (part.every((octet, index) => octet === octets[at + index])) return true
  }
  return false
}

/** All pieces behind one another: the piece itself if there is just one. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  let length = 0
  for (const piece of pieces) length += piece.length
  const joined = length === 0 ? empty() : allocate(length)
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

function describeMisfit(value: unknown, what: string): string {
  const is = `${what} must be a Buffer or Uint8Array`
  if (typeof value === 'string') {
    return `${is}, not a string: was setEncoding() called on the stream? Leave it out, text loses octets`
  }
  if (value instanceof ArrayBuffer) return `${is}, not an ArrayBuffer: wrap it in new Uint8Array(…)`
  return `${is}, not ${value === null ? 'null' : typeof value}`
}

type ViewConstructor = new (memory: ArrayBuffer, offset: number, length: number) => Uint8Array

/** The class of a Buffer's views, where that is Buffer's own. */
function speciesOf(buffer: BufferConstructor | undefined): ViewConstructor | undefined {
  const species = (buffer as { [Symbol.species]?: ViewConstructor } | undefined)?.[Symbol.species]
  return species?.prototype === buffer?.prototype ? species : undefined
}

/** A getter of a built-in prototype as a function that no subclass can override. */
export function getter<T>(prototype: object, key: PropertyKey): Getter<T> {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get as () => T
  return Function.prototype.call.bind(get) as Getter<T>
}
