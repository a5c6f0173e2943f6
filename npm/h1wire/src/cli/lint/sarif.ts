// Findings as SARIF 2.1.0, written as they come: the rules that were broken stand behind the results.

import type { Finding } from '../../index.js'
import { VERSION } from '../../version.js'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

export class Sarif {
  private readonly rules = new Map<string, Finding>()
  private first = true

  /** What comes before the results. */
  begin(): string {
    return `{"$schema":${JSON.stringify(SCHEMA)},"version":"2.1.0","runs":[{"results":[\n`
  }

  /** A result. Regions count octets. */
  result(file: string, finding: Finding): string {
    const { code, severity, start, end, message, fix, readers } = finding
    if (!this.rules.has(code)) this.rules.set(code, finding)
    const text = [message, fix, readers].filter((sentence) => sentence !== undefined).join('. ')
    const result = {
      ruleId: code,
      level: severity,
      message: { text: `${text}.` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: file === '-' ? 'stdin' : uriOf(file) },
            region: { byteOffset: start, byteLength: end - start },
          },
        },
      ],
    }
    const separator = this.first ? '' : ',\n'
    this.first = false
    return separator + JSON.stringify(result)
  }

  /** What comes behind the results. */
  end(): string {
    const rules = [...this.rules].map(([id, { rule, fix, severity, message }]) => ({
      id,
      shortDescription: { text: `${message}.` },
      help: { text: `${fix}. (${rule})` },
      defaultConfiguration: { level: severity },
    }))
    const driver = { name: 'h1wire', version: VERSION, rules }
    return `\n],"tool":{"driver":${JSON.stringify(driver)}},"columnKind":"utf16CodeUnits"}]}\n`
  }
}

/** A path as the reference of a URI. */
function uriOf(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join('/')
}
