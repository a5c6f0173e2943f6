// `npm run generate`: rewrites the TypeScript and the page of the documentation that are generated from Rust.

import { generateLayout } from './lib/layout.mjs'
import { isMain, main } from './lib/main.mjs'

if (isMain(import.meta)) main(generateLayout)
