// What a structured field says, in lines for people.

import type { InspectedStructured, StructuredBareItem, StructuredMember } from '../../index.js'
import { harmless } from '../screen.js'

/** The name and type of the field, and its members or its item. */
export function structuredLines(structured: InspectedStructured): string[] {
  const title = `${structured.name}: ${structured.type}, ${structured.source}`
  if (structured.type === 'item') return [title, `  ${member(structured.value)}`]
  if (structured.type === 'list') return [title, ...structured.value.map((one) => `  ${member(one)}`)]
  return [title, ...[...structured.value].map(([key, one]) => `  ${key} = ${member(one)}`)]
}

function member(one: StructuredMember): string {
  const value = one.type === 'inner-list' ? `(${one.value.map(member).join(', ')})` : bare(one)
  return value + [...one.parameters].map(([key, parameter]) => `; ${key} = ${bare(parameter)}`).join('')
}

function bare({ type, value }: StructuredBareItem): string {
  if (type === 'string' || type === 'display-string') return `${type} ${harmless(JSON.stringify(value))}`
  if (type === 'byte-sequence') return `${type} 0x${Buffer.from(value).toString('hex')}`
  return type === 'date' ? `date ${value}${calendar(value)}` : `${type} ${value}`
}

/** The date that a number of seconds means, if it is one that JavaScript knows. */
function calendar(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? '' : ` (${date.toISOString()})`
}
