// The alignment behind the comparison: whatever the two sides are, what is not marked is the same on both.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { build } from 'vite'
import { INSPECTOR, TARGET } from '../../npm/scripts/lib/paths.mjs'

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300), ...(process.env.CI && { seed: 1 }) }

let align
let differences
before(async () => {
  const outDir = join(TARGET, 'align')
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      ssr: join(INSPECTOR, 'src', 'compare', 'align.ts'),
      rolldownOptions: { output: { entryFileNames: 'align.mjs' } },
    },
  })
  ;({ align, differences } = await import(pathToFileURL(join(outDir, 'align.mjs'))))
})

const octets = (text) => Buffer.from(text, 'latin1')

test('replacing the blocks of the one gives the other', () => {
  const items = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 })
  fc.assert(
    fc.property(items, items, fc.integer({ min: 0, max: 60 }), (a, b, most) => {
      const { blocks } = differences(a, b, most)
      const made = []
      let at = 0
      for (const { left, right } of blocks) {
        made.push(...a.slice(at, left[0]), ...b.slice(...right))
        at = left[1]
      }
      assert.deepEqual([...made, ...a.slice(at)], b)
    }),
    { ...RUNS, numRuns: RUNS.numRuns * 10 },
  )
})

test('a shortest script is found', () => {
  const { blocks, coarse } = differences([1, 2, 3, 4, 5, 6], [1, 3, 4, 9, 5, 6], 10)
  assert.deepEqual(blocks, [
    { left: [1, 2], right: [1, 1] },
    { left: [4, 4], right: [3, 4] },
  ])
  assert.equal(coarse, false)
})

test('what is passed over as the same counts among the steps too', () => {
  const same = 'a'.repeat(5000)
  const effort = { left: 1000 }
  const { coarse } = differences(octets(`x${same}`), octets(`${same}y`), 100, effort)
  assert.equal(coarse, true)
  assert.equal(differences(octets(`x${same}`), octets(`${same}y`), 100, { left: 20_000 }).coarse, false)
})

test('more lines than memory holds are refused', () => {
  assert.throws(() => align(new Uint8Array(4_000_001).fill(0x0a), octets('')), /more than 4,000,000 lines/)
})

test('every octet of both sides is in one row, in order, and what is unmarked is the same', () => {
  const text = fc
    .array(fc.constantFrom('A: 1\r\n', 'A: 2\r\n', 'Bee: x\r\n', '\n', 'no end', 'y'.repeat(30)), {
      maxLength: 12,
    })
    .map((parts) => octets(parts.join('')))
  fc.assert(
    fc.property(text, text, (left, right) => {
      const found = align(left, right)
      let [l, r] = [0, 0]
      for (let at = 0; at < found.lines.length; at += 4) {
        const [l0, l1, r0, r1] = found.lines.subarray(at, at + 4)
        if (l1 > l0) assert.equal(l0, l)
        if (r1 > r0) assert.equal(r0, r)
        const kept = (all, marks, from, to) =>
          Buffer.from([...all.subarray(from, to)].filter((_, one) => !marks[from + one]))
        assert.deepEqual(kept(left, found.left, l0, l1), kept(right, found.right, r0, r1))
        l = Math.max(l, l1)
        r = Math.max(r, r1)
      }
      assert.deepEqual([l, r], [left.length, right.length])
      const marked = found.left.includes(1) || found.right.includes(1)
      assert.equal(marked, !left.equals(right))
      assert.equal(found.differences > 0, !left.equals(right))
    }),
    RUNS,
  )
})

test('lines that are alike stand beside one another', () => {
  const { lines } = align(
    octets('GET / HTTP/1.1\r\nX: 1\r\nHost: a.test\r\n\r\n'),
    octets('GET / HTTP/1.1\r\nHost: b.test\r\nY: 2\r\n\r\n'),
  )
  assert.deepEqual([...lines], [0, 16, 0, 16, 16, 22, 0, 0, 22, 36, 16, 30, 0, 0, 30, 36, 36, 38, 36, 38])
})

test('what differs too much is told to be coarse, and takes no long time', () => {
  const random = (factor) =>
    Uint8Array.from({ length: 2_000_000 }, (_, at) => (Math.imul(at * at, factor) >>> 13) & 0xff)
  const [left, right] = [random(2654435761), random(2246822519)]
  const start = process.cpuUsage()
  const found = align(left, right)
  assert.ok(process.cpuUsage(start).user < 5e6, `${process.cpuUsage(start).user} microseconds`)
  assert.equal(found.coarse, true)
})
