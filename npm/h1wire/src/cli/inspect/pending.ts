// Findings that wait for the octets they are about to be shown, by offset.

import type { Finding } from '../../index.js'

export class Pending {
  private findings: Finding[] = []
  private next = 0

  add(finding: Finding): void {
    let at = this.findings.length
    while (at > this.next && (this.findings[at - 1] as Finding).start > finding.start) at--
    this.findings.splice(at, 0, finding)
  }

  /** Takes those that begin before this offset, or say that an octet is missing there. */
  *upTo(offset: number): Generator<Finding> {
    for (let first = this.first; first !== undefined; first = this.first) {
      const isMissing = first.start === offset && first.end === offset
      if (first.start >= offset && !isMissing) return
      this.next++
      yield first
    }
    this.findings = []
    this.next = 0
  }

  private get first(): Finding | undefined {
    return this.findings[this.next]
  }
}
