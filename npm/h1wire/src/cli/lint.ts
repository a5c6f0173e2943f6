// `h1wire lint`: what is wrong with messages, and nothing else.

import type { Finding } from '../index.js'
import { type Paint, paintFor } from './colour.js'
import type { Command, Given } from './command.js'
import { EXIT } from './failure.js'
import { lines } from './inspect/finding-lines.js'
import { Count, findingsIn, inspected } from './inspect/reading.js'
import { jsonLine } from './json.js'
import { Sarif } from './lint/sarif.js'
import { say, write } from './output.js'
import { READING, readingOf } from './reading.js'
import { harmless } from './screen.js'

export const LINT: Command = {
  name: 'lint',
  summary: 'say what is wrong with messages',
  operands: { usage: '[FILE|-]…', least: 0, most: Number.POSITIVE_INFINITY, completes: 'file' },
  options: [
    { name: 'strict', help: 'exit code 1 also for warnings' },
    { name: 'sarif', help: 'findings as SARIF 2.1.0, which code review tools read' },
    { name: 'json', help: 'findings as JSON, one a line' },
    ...READING,
  ],
  notes: `Each finding is FILE:OCTET: and a severity, a code and a rule; then what is the case, what to do, and how
readers differ. docs/findings.md lists all findings. Errors are what a strict reader refuses, or where
readers see different messages; warnings break a rule or invite trouble; notes are worth knowing.

Exit code 1 means that there are errors, or with --strict warnings.

  h1wire lint tests/*.bin --strict
  h1wire lint capture.bin --sarif > findings.sarif`,
  run: lint,
}

async function lint(given: Given): Promise<void> {
  const reading = readingOf(given)
  const paint = paintFor(process.stdout, given)
  const files = given.operands.length === 0 ? ['-'] : given.operands
  const sarif = given.switches.has('sarif') ? new Sarif() : undefined
  const json = given.switches.has('json')
  const count = new Count()
  const text = (file: string, finding: Finding): string => {
    if (sarif) return sarif.result(file, finding)
    return json ? jsonLine({ file, ...finding }) : words(file, finding, paint)
  }
  if (sarif) await write(sarif.begin())
  try {
    for (const file of files) {
      for await (const { events } of inspected(file, reading)) {
        const findings = findingsIn(events)
        count.add(findings)
        for (const finding of findings) await write(text(file, finding))
      }
    }
  } finally {
    // What was found before an input failed is a whole report too.
    if (sarif) await write(sarif.end())
  }
  say(`h1wire: ${count.text}`)
  const { error, warning } = count.of
  if (error > 0 || (given.switches.has('strict') && warning > 0)) process.exitCode = EXIT.refused
}

function words(file: string, finding: Finding, paint: Paint): string {
  const [first, ...others] = lines(finding, paint)
  const where = `${harmless(file)}:${finding.start}:`
  return `${where} ${first}\n${others.map((line) => `  ${line}\n`).join('')}`
}
