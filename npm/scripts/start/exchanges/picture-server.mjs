// The picture server of the examples, run as a reader would run it, and asked for its picture by fetch.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../lib/paths.mjs'
import { PICTURE } from '../server.mjs'

export async function pictureServer(stage) {
  const script = join(ROOT, 'examples', 'net', '04-picture-server.js')
  const env = { ...process.env, H1WIRE_BACKEND: stage.backend }
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  stage.atEnd(() => child.kill())
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  stage.say(line.trimEnd())
  const url = /^Open (http:\S+)$/m.exec(line)[1]
  const page = await fetch(url)
  stage.check('the page names the picture', (await page.text()).includes('src="/picture.png"'), true)
  const picture = await fetch(`${url}picture.png`)
  const octets = Buffer.from(await picture.arrayBuffer())
  stage.check('its type', picture.headers.get('content-type'), 'image/png')
  stage.check('its octets are those on disk', octets.equals(await readFile(PICTURE)), true)
}
