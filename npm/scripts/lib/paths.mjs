// Where things lie in the repository.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
export const MODULES = join(ROOT, 'node_modules')
export const TARGET = join(ROOT, 'target')
export const PACKAGE = join(ROOT, 'npm', 'h1wire')
export const INSPECTOR = join(ROOT, 'npm', 'inspector')
export const PLATFORMS = join(ROOT, 'npm', 'platforms')
export const GENERATED = join(PACKAGE, 'src', 'generated')
export const LAYOUT = join(GENERATED, 'layout.ts')
export const DIST = join(PACKAGE, 'dist')
