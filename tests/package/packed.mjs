// The tarballs under test, made for one test file in a folder of its own.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { hostTriple } from '../../npm/scripts/lib/triple.mjs'
import { pack } from '../../npm/scripts/pack.mjs'

const folder = mkdtempSync(join(tmpdir(), 'h1wire-packed-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** All that was packed, by package name. */
export const packed = await pack(folder)
export const main = packed.h1wire
export const platformName = `h1wire-${hostTriple()}`
export const platform = packed[platformName]
