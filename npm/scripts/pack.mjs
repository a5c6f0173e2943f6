// `npm run pack`: makes the tarballs of the package and of every platform package whose addon is built here. They are
// put together in target/pack; the repository's own files stay as they are.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMain, main } from './lib/main.mjs'
import { DIST, PACKAGE, PLATFORMS, ROOT, TARGET } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { addonOf, TRIPLES } from './lib/triple.mjs'
import { setup } from './setup.mjs'

const LICENSES = ['LICENSE-APACHE', 'LICENSE-MIT']

/** Makes the tarballs; gives, by package name, each one's path, its files and the folder it was made from. */
export async function pack(stage = join(TARGET, 'pack')) {
  rmSync(stage, { recursive: true, force: true })
  const triples = TRIPLES.filter((triple) => existsSync(addonOf(triple)))
  const platforms = triples.map((triple) => stagePlatform(stage, triple))
  const packed = {}
  for (const folder of [...platforms, stageMain(stage, triples)]) {
    const args = ['pack', '--json', '--loglevel=error', '--pack-destination', stage]
    const [{ name, filename, files }] = JSON.parse(await run('npm', args, { cwd: folder }))
    packed[name] = { folder, tarball: join(stage, filename), files: files.map(({ path }) => path) }
  }
  return packed
}

function stageMain(stage, triples) {
  const manifest = read(join(PACKAGE, 'package.json'))
  const optional = triples.map((triple) => [`h1wire-${triple}`, manifest.version])
  const folder = begin(stage, { ...manifest, optionalDependencies: Object.fromEntries(optional) })
  cpSync(DIST, join(folder, 'dist'), { recursive: true })
  copyFileSync(join(ROOT, 'README.md'), join(folder, 'README.md'))
  return folder
}

function stagePlatform(stage, triple) {
  const folder = begin(stage, read(join(PLATFORMS, triple, 'package.json')))
  copyFileSync(addonOf(triple), join(folder, 'h1wire.node'))
  copyFileSync(join(PLATFORMS, triple, 'README.md'), join(folder, 'README.md'))
  return folder
}

// A folder that holds what every package does.
function begin(stage, manifest) {
  const folder = join(stage, manifest.name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  for (const name of LICENSES) copyFileSync(join(ROOT, name), join(folder, name))
  return folder
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

if (isMain(import.meta)) {
  main(async () => {
    await setup()
    for (const { tarball } of Object.values(await pack())) console.log(tarball)
  })
}
