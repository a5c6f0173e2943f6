// `h1wire ui FILE`: the page begins with the octets of the file.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { shownOctets as shown, startPages } from './page.mjs'

test('the octets of the file are shown as they are, and no other address is asked', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'h1wire-open-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const octets = 'GET /file HTTP/1.1\r\nHost: \xff\n\r\n'
  writeFileSync(join(folder, 'file'), Buffer.from(octets, 'latin1'))
  const pages = await startPages(join(folder, 'file'))
  t.after(() => pages.stop())

  const opened = await pages.page()
  assert.equal(await shown(opened.page), octets)
  assert.deepEqual(opened.complaints, [])

  const gone = await pages.page({ fragment: '#open=octets/00000000-0000-0000-0000-000000000000' })
  assert.match(await gone.page.locator('.notice').textContent(), /no longer has its octets: it answers 404/)

  for (const elsewhere of ['../', 'octets/../index.html', '//example.test/octets/0', 'http:octets/0']) {
    const { page } = await pages.page({ fragment: `#open=${encodeURIComponent(elsewhere)}` })
    assert.match(await shown(page), /^POST/, 'the example it begins with otherwise')
    assert.equal(await page.locator('.notice').count(), 0)
  }
})
