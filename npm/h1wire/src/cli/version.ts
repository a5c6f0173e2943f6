// The package's version, read from its package.json, which lies two folders up here and in the built package.

import { createRequire } from 'node:module'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

export const VERSION = version
