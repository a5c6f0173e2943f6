// Reads the vectors' files, for runners that have a file system.

import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('./', import.meta.url)

/** Every file of vectors: `[{ name, about, vectors }]`. */
export function readVectors() {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== 'schema.json')
  return names.sort().map((name) => ({ name, ...readJson(name) }))
}

/** The JSON Schema of such a file. */
export function readSchema() {
  return readJson('schema.json')
}

/** How many vectors the files hold: a runner that ran fewer has failed. */
export function count(files) {
  return files.reduce((sum, { vectors }) => sum + vectors.length, 0)
}

function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}
