// Files of a folder as responses: nothing outside of it, nothing hidden, no listing unless it is asked for.

import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { type Answer, type Asked, plain } from './answer.js'
import { contentType } from './types.js'

/** Answers with the files of this folder; `list` answers with a listing where a folder has no index.html. */
export async function filesIn(folder: string, list: boolean): Promise<(asked: Asked) => Promise<Answer>> {
  const root = await realpath(folder)
  return async ({ method, target }) => {
    if (method !== 'GET' && method !== 'HEAD') {
      return { ...plain(405, 'only GET and HEAD are served'), headers: [['Allow', 'GET, HEAD']] }
    }
    const path = pathOf(target)
    if (path === undefined) return plain(404, 'not found')
    return (await answerFor(root, path, list)) ?? plain(404, 'not found')
  }
}

interface Path {
  /** Decoded; none of them leads up, is hidden, or could name something else to the system. */
  readonly segments: readonly string[]
  readonly folder: boolean
  readonly query: string
}

/** The path a request-target names, if it is one that can be served. */
function pathOf(target: string): Path | undefined {
  const origin = target.startsWith('/') ? target : pathOfUrl(target)
  const [, path = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(origin) ?? []
  let decoded: string[]
  try {
    decoded = path.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
  const segments = decoded.filter((segment) => segment !== '')
  if (!path.startsWith('/') || !segments.every(isSafe)) return undefined
  return { segments, folder: path.endsWith('/'), query }
}

function pathOfUrl(target: string): string {
  return URL.canParse(target) ? target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '') || '/' : ''
}

/** No way up, nothing hidden, no separator within, nothing that Windows takes for a drive or a stream. */
function isSafe(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL would end the name.
  return !segment.startsWith('.') && !/[\x00/\\:]/.test(segment)
}

async function answerFor(root: string, path: Path, list: boolean): Promise<Answer | undefined> {
  const found = await openWithin(root, join(root, ...path.segments))
  if (found === undefined) return undefined
  const { handle, stats, real } = found
  if (stats.isFile() && !path.folder) return fileAnswer(handle, stats, real)
  await handle.close()
  if (!stats.isDirectory()) return undefined
  const here = `/${path.segments.map(encodeURIComponent).join('/')}`
  if (!path.folder && path.segments.length > 0) {
    return { ...plain(301, 'it is a folder'), headers: [['Location', `${here}/${path.query}`]] }
  }
  const index = await openWithin(root, join(real, 'index.html'))
  if (index?.stats.isFile()) return fileAnswer(index.handle, index.stats, index.real)
  await index?.handle.close()
  return list ? listing(real, decodeURIComponent(here)) : undefined
}

interface Found {
  readonly handle: FileHandle
  readonly stats: Stats
  readonly real: string
}

// A pipe would otherwise wait for its writer.
const OPENING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Opens what is there, links resolved, if that is within the folder and not hidden in it. */
async function openWithin(root: string, name: string): Promise<Found | undefined> {
  try {
    const real = await realpath(name)
    const within = relative(root, real)
    if (within !== '' && !within.split(sep).every((segment) => isSafe(segment))) return undefined
    const handle = await open(real, OPENING)
    try {
      return { handle, stats: await handle.stat(), real }
    } catch (error) {
      await handle.close()
      throw error
    }
  } catch {
    return undefined
  }
}

function fileAnswer(handle: FileHandle, { size }: Stats, name: string): Answer {
  const headers: [string, string][] = [['Content-Type', contentType(extname(name))]]
  const pieces = () => handle.createReadStream({ start: 0, end: size - 1 })
  return {
    status: 200,
    headers,
    length: size,
    pieces: size === 0 ? undefined : pieces,
    close: () => handle.close(),
  }
}

async function listing(folder: string, path: string): Promise<Answer> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries
    .filter(({ name }) => isSafe(name))
    .map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .sort()
  const lines = [...(path === '/' ? [] : ['../']), ...names].map(
    (name) => `<li><a href="./${name.split('/').map(encodeURIComponent).join('/')}">${escaped(name)}</a>\n`,
  )
  const title = escaped(path)
  const page = `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${lines.join('')}</ul>\n`
  return { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], body: Buffer.from(page) }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}
