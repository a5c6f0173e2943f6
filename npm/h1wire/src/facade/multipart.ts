// Forms with files: the contents of a FormData, with what Rust writes around each.

import type { Backend } from '../backend/backend.js'
import { CALL_ENTRY, CALL_FORM_END, FORMAT_HAS_FILE, FORMAT_HAS_TYPE } from '../generated/layout.js'
import { isFormData, type TypedBody } from './body.js'
import { build, gather } from './build.js'
import { H1Error } from './error.js'
import { misfit } from './lines.js'
import { concat, includes } from './octets.js'
import { utf8 } from './text.js'

/** A Content-Type that names the boundary to be used, and what errors call it. */
export interface GivenType {
  value: string
  name: string
}

interface Entry {
  name: string
  file: { name: string; type: string } | undefined
  content: Uint8Array
}

const encoder = new TextEncoder()

/** A form as the octets of `multipart/form-data`, and their Content-Type. */
export async function multipart(backend: Backend, form: FormData, type?: string): Promise<TypedBody> {
  if (!isFormData(form)) throw new TypeError(misfit('form', 'a FormData', form))
  if (type !== undefined && typeof type !== 'string') throw new TypeError(misfit('type', 'a string', type))
  const entries: Entry[] = []
  for (const [name, value] of Array.from(form)) {
    entries.push(
      typeof value === 'string'
        ? { name, file: undefined, content: textContent(value) }
        : {
            name,
            file: { name: String(value.name), type: String(value.type) },
            content: new Uint8Array(await value.arrayBuffer()),
          },
    )
  }
  return assemble(backend, entries, type === undefined ? undefined : { value: type, name: 'type' })
}

/** The same at once, for a form without files: theirs are octets that must be waited for. */
export function textForm(backend: Backend, form: FormData, type: GivenType | undefined): TypedBody {
  const entries: Entry[] = []
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      throw new TypeError(
        `body has a file (${JSON.stringify(name)}), whose octets must be waited for: give await multipart(form)`,
      )
    }
    entries.push({ name, file: undefined, content: textContent(value) })
  }
  return assemble(backend, entries, type)
}

/** A line break in text is CRLF, as browsers have it (WHATWG HTML, "multipart/form-data encoding algorithm"). */
function textContent(value: string): Uint8Array {
  return encoder.encode(value.replace(/\r\n?|\n/g, '\r\n'))
}

function assemble(backend: Backend, entries: readonly Entry[], type: GivenType | undefined): TypedBody {
  for (;;) {
    const boundary = type === undefined ? freshBoundary() : type.value
    const flags = type === undefined ? 0 : FORMAT_HAS_TYPE
    const end = formEnd(backend, boundary, flags, type?.name)
    // Two hyphens stand before the boundary; behind it two more and CRLF.
    const octets = end.subarray(2, end.length - 4)
    if (!entries.some(({ content }) => includes(content, octets))) {
      const parts = entries.map((entry, index) => formEntry(backend, boundary, flags, entry, index))
      const content = concat([...parts, end])
      return { content, type: type === undefined ? `multipart/form-data; boundary=${boundary}` : type.value }
    }
    if (type !== undefined) {
      throw new H1Error('H1_BOUNDARY', {
        part: type.name,
        advice: 'choose another, or leave Content-Type out',
      })
    }
  }
}

function formEntry(
  backend: Backend,
  boundary: string,
  flags: number,
  entry: Entry,
  index: number,
): Uint8Array {
  const { file, content } = entry
  const parts = [boundary, utf8(entry.name), '', '']
  const gathered = gather(CALL_ENTRY, '', [])
  gathered.flags = flags
  if (file !== undefined) {
    gathered.flags |= FORMAT_HAS_FILE
    parts[2] = utf8(file.name)
    parts[3] = file.type
  }
  gathered.text = parts.join('')
  gathered.lengths = parts.map((part) => part.length)
  gathered.content = content
  gathered.length = content.length
  // A line break in a name is escaped in six octets, and the text counts double already.
  gathered.extra = 4 * gathered.text.length
  gathered.names = { entry: `body[${index}]` }
  return build(backend, gathered)
}

function formEnd(backend: Backend, boundary: string, flags: number, name: string | undefined): Uint8Array {
  const gathered = gather(CALL_FORM_END, boundary, [boundary.length])
  gathered.flags = flags
  gathered.names = { boundary: name }
  return build(backend, gathered)
}

// That it occurs in no content is checked; chance only saves doing so twice.
function freshBoundary(): string {
  const octets = crypto.getRandomValues(new Uint8Array(12))
  return `----h1wire${Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')}`
}
