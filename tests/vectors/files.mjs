// Reads the vectors' files, for runners that have a file system.

import { readdirSync, readFileSync } from 'node:fs'

const PARSER = new URL('./', import.meta.url)
const BUILDER = new URL('./format/', import.meta.url)

/** Every file of the parser's vectors: `[{ name, about, vectors }]`. */
export function readVectors() {
  return readFolder(PARSER)
}

/** Every file of the builder's vectors. */
export function readFormatVectors() {
  return readFolder(BUILDER)
}

/** The JSON Schema of a file of the parser's vectors. */
export function readSchema() {
  return readJson(PARSER, 'schema.json')
}

/** The JSON Schema of a file of the builder's vectors. */
export function readFormatSchema() {
  return readJson(BUILDER, 'schema.json')
}

/** How many vectors the files hold: a runner that ran fewer has failed. */
export function count(files) {
  return files.reduce((sum, { vectors }) => sum + vectors.length, 0)
}

function readFolder(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'schema.json')
  return names.sort().map((name) => ({ name, ...readJson(folder, name) }))
}

function readJson(folder, name) {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}
