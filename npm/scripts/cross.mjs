// `npm run cross`: the core's unit tests and the vectors on processors that this machine has not, emulated: AArch64 for its
// NEON, s390x because it is big-endian.

import { isMain, main } from './lib/main.mjs'
import { attempt, run, Trouble, which } from './lib/run.mjs'

const TARGETS = ['aarch64', 's390x']

async function cross() {
  const needed = TARGETS.flatMap((cpu) => [`qemu-${cpu}`, `${cpu}-linux-gnu-gcc`])
  const missing = needed.filter((command) => !which(command))
  if (missing.length > 0)
    throw new Trouble(
      `${missing.join(' and ')} cannot be found: on Debian \`apt-get install qemu-user gcc-aarch64-linux-gnu gcc-s390x-linux-gnu\``,
    )
  for (const cpu of TARGETS) {
    const target = `${cpu}-unknown-linux-gnu`
    await run('rustup', ['target', 'add', target])
    const variable = `CARGO_TARGET_${target.toUpperCase().replaceAll('-', '_')}`
    const env = {
      [`${variable}_LINKER`]: `${cpu}-linux-gnu-gcc`,
      [`${variable}_RUNNER`]: `qemu-${cpu} -L /usr/${cpu}-linux-gnu`,
    }
    const args = ['test', '-p', 'h1wire', '--target', target, '--lib', '--test', 'vectors']
    const { status, output } = await attempt('cargo', args, { env })
    const passed = [...output.matchAll(/^test result: ok\. (\d+) passed/gm)].map(([, count]) => Number(count))
    const fine = status === 0 && passed.length === 2 && passed.every((count) => count > 0)
    if (!fine) console.log(output.trimEnd())
    for (const line of output.match(/^conformance .*$/gm) ?? []) console.log(line.replace('rust', cpu))
    console.log(`${cpu}: ${fine ? `${passed[0]} unit tests passed, and the vectors` : 'FAILED'}`)
    if (!fine) process.exitCode = 1
  }
}

if (isMain(import.meta)) main(cross)
