// The form that makes messages: what it makes, what is refused and where, what it begins with.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { formatRequest } from 'h1wire'
import { openOctets, startPages } from './page.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let pages
before(async () => {
  pages = await startPages()
})
after(() => pages.stop())

const shown = (page) =>
  page.evaluate(() => String.fromCharCode(...document.querySelector('h1-inspector').octets))

async function opened(page, octets = 'nothing that could be built') {
  await openOctets(page, octets)
  await page.getByRole('button', { name: 'Build', exact: true }).click()
  return page.getByRole('dialog')
}

/** The form's answer to what was filled in last. */
const made = (dialog, length) => dialog.getByText(`What is made: ${length} octets`).waitFor()

test('a request is made of its parts, and inspected', async () => {
  const { page, complaints, context } = await pages.page()
  const dialog = await opened(page)
  await dialog.getByLabel('Begin with').selectOption('POST, JSON')
  await dialog.getByLabel('Method', { exact: true }).fill('PUT')
  await dialog.getByLabel('Target, or URL').fill('http://a.test/b?c')
  await dialog.getByRole('button', { name: 'Add a line' }).first().click()
  await page.keyboard.type('X-One')
  await page.keyboard.press('Tab')
  await page.keyboard.type('\u00e9'.normalize('NFC'))
  await dialog.getByRole('group', { name: 'Field lines 2' }).getByLabel('Move up').click()
  await dialog.getByLabel('The body').fill('{"\u20ac": 1}')
  const expected = formatRequest({
    method: 'PUT',
    url: 'http://a.test/b?c',
    headers: [
      ['X-One', '\u00e9'],
      ['Content-Type', 'application/json'],
    ],
    body: '{"\u20ac": 1}',
  })
  await made(dialog, expected.length)
  await dialog.getByRole('button', { name: 'Inspect' }).click()
  await page.getByRole('button', { name: 'PUT /b?c HTTP/1.1' }).waitFor()
  assert.equal(await shown(page), expected.toString('latin1'))
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.waitForFunction(() => document.querySelector('h1-inspector').octets.length === 27)
  assert.deepEqual(complaints, [])
  await context.close()
})

test('what is refused is said at its part, with the rule, and nothing is inspected', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page)
  const refusedAt = async (control, says) => {
    await dialog.locator('#fault', { hasText: says }).waitFor()
    assert.equal(await control.getAttribute('aria-invalid'), 'true')
    assert.equal(await control.getAttribute('aria-describedby'), 'fault')
    assert.equal(await dialog.locator('[aria-invalid=true]').count(), 1)
    assert.equal(await dialog.getByRole('button', { name: 'Inspect' }).isDisabled(), true)
  }
  await dialog.getByLabel('Begin with').selectOption('GET')
  const method = dialog.getByLabel('Method', { exact: true })
  await method.fill('G T')
  await refusedAt(method, 'RFC 9110 section 9.1')
  assert.equal(await dialog.locator('#fault mark').textContent(), 'U+0020')
  await method.fill('GET')
  const target = dialog.getByLabel('Target, or URL')
  await target.fill('/x y')
  await refusedAt(target, 'RFC 9112 section 3.2')
  await target.fill('http://a.test/')
  await dialog.getByRole('button', { name: 'Add a line' }).first().click()
  const name = dialog.getByRole('group', { name: 'Field lines 2' }).getByLabel('Name')
  const value = dialog.getByRole('group', { name: 'Field lines 2' }).getByLabel('Value')
  await refusedAt(name, 'A field name')
  await name.fill('X')
  await value.fill('a\u20ac')
  await refusedAt(value, 'U+20AC')
  assert.equal(await dialog.locator('#fault mark').textContent(), '\u20ac')
  await value.fill('a')
  await target.fill('/')
  await dialog.getByText('An HTTP/1.1 request needs a Host field').waitFor()
  await dialog.getByLabel('Begin with').selectOption('204')
  await dialog.getByLabel('It is').selectOption({ label: 'text, as UTF-8' })
  await dialog.getByLabel('The body').fill('x')
  await refusedAt(dialog.getByLabel('It is'), 'can have no body')
  await dialog.getByLabel('It is').selectOption({ label: 'hexadecimal' })
  await dialog.getByLabel('The body').fill('0g')
  await refusedAt(dialog.getByLabel('It is'), 'no hexadecimal digit')
  const status = dialog.getByLabel('Status')
  await dialog.getByLabel('It is').selectOption({ label: 'none' })
  await status.fill('99')
  await refusedAt(status, 'RFC 9112 section 4')
  await context.close()
})

test('bodies: forms, files, chunks with trailers', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page)
  const preview = dialog.getByRole('region', { name: 'What is made' })
  await dialog.getByLabel('Begin with').selectOption('POST, a form')
  await dialog.getByLabel('The body').fill('a=1 2\nb=\u00e4=\n')
  await preview.getByText('a=1+2&b=%C3%A4%3D').waitFor()
  assert.match(await preview.textContent(), /Content-Length:\u00b717/)
  await dialog.getByLabel('It is').selectOption({ label: 'a file' })
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'f', mimeType: 'x/y', buffer: Buffer.of(0, 255) })
  await preview.getByText('Content-Length:\u00b72').waitFor()
  await dialog.getByLabel('Begin with').selectOption('POST, chunked with trailers')
  await preview.getByText('Transfer-Encoding:\u00b7chunked').waitFor()
  assert.match(
    (await preview.textContent()).replace(/\s/g, ''),
    /\u240d\u240ab\u240d\u240ahello\u00b7world\u240d\u240a0\u240d\u240aX-Checksum:\u00b75eb63bbb\u240d\u240a\u240d\u240a$/,
  )
  await context.close()
})

test('raw octets are written as they stand', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page)
  await dialog.getByLabel('Begin with').selectOption('GET')
  await dialog.getByLabel('What is built').selectOption('Raw, unchecked')
  assert.equal(await dialog.getByLabel('First line').inputValue(), 'GET / HTTP/1.1')
  await dialog.getByLabel('First line').fill('GET  /')
  await dialog.getByLabel('Line ends').selectOption('LF')
  await dialog.getByRole('group', { name: 'Field lines 1' }).getByLabel('Name').fill('A ')
  await made(dialog, 7 + 'A : */*\n'.length + 1)
  await dialog.getByRole('button', { name: 'Inspect' }).click()
  await page.waitForFunction(() => document.querySelector('h1-inspector').octets.length === 16)
  assert.equal(await shown(page), 'GET  /\nA : */*\n\n')
  await context.close()
})

test('it begins with the message in sight, and says whether it makes the same octets', async () => {
  const { page, context } = await pages.page()
  const response = 'HTTP/1.1 404 Gone\r\nContent-Length: 4\r\nX: \xe9\r\nX: 2\r\n\r\nnone'
  const dialog = await opened(page, response)
  await made(dialog, response.length)
  assert.match(await dialog.textContent(), /the same as were there/)
  assert.equal(await dialog.getByLabel('Reason').inputValue(), 'Gone')
  assert.equal(
    await dialog.getByRole('group', { name: 'Field lines 2' }).getByLabel('Value').inputValue(),
    '\u00e9',
  )
  await dialog.getByLabel('Reason').fill('')
  await dialog.getByText('other than were there from octet 13 on').waitFor()
  await context.close()
})

test('the form is accessible, wide and narrow, with a fault in it', async () => {
  for (const [width, scheme] of [
    [1440, 'light'],
    [390, 'dark'],
  ]) {
    const { page, context } = await pages.page({ width, scheme })
    const dialog = await opened(page)
    await dialog.getByLabel('Begin with').selectOption('POST, JSON')
    await dialog.getByLabel('Method', { exact: true }).fill('')
    await dialog.locator('#fault').waitFor()
    await page.evaluate(AXE)
    const { violations } = await page.evaluate(() =>
      window.axe.run(
        { fromShadowDom: ['h1-inspector', 'h1-build', 'dialog'] },
        { resultTypes: ['violations'], preload: false },
      ),
    )
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes[0].html]),
      [],
    )
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), true)
    await context.close()
  }
})
