// The form that makes messages: what it makes, what is refused and where, what it begins with.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { formatRequest } from 'h1wire'
import { openOctets, shownOctets as shown, startPages } from './page.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let pages
before(async () => {
  pages = await startPages()
})
after(() => pages.stop())

const LONG = 'GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n'

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
  await dialog.getByLabel('URL', { exact: true }).fill('http://a.test/b?c')
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
  const url = dialog.getByLabel('URL', { exact: true })
  await url.fill('http://')
  await refusedAt(url, 'absolute URL')
  await dialog.getByLabel('Where').selectOption('request-target')
  const target = dialog.getByLabel('Request-target', { exact: true })
  await target.fill('/x y')
  await refusedAt(target, 'RFC 9112 section 3.2')
  await target.fill('/x')
  await refusedAt(target, 'needs a Host header')
  await dialog.getByLabel('Where').selectOption('URL')
  await url.fill('http://a.test/')
  await dialog.getByRole('button', { name: 'Add a line' }).first().click()
  const name = dialog.getByRole('group', { name: 'Field lines 2' }).getByLabel('Name')
  const value = dialog.getByRole('group', { name: 'Field lines 2' }).getByLabel('Value')
  await refusedAt(name, 'no header name')
  await name.fill('X')
  await value.fill('a\u20ac')
  await refusedAt(value, 'U+20AC')
  assert.equal(await dialog.locator('#fault mark').textContent(), '\u20ac')
  await value.fill('a')
  await dialog.getByLabel('Begin with').selectOption('204')
  await dialog.getByLabel('It is').selectOption({ label: 'text, as UTF-8' })
  await dialog.getByLabel('The body').fill('x')
  await refusedAt(dialog.getByLabel('It is'), 'can have no body')
  await dialog.getByLabel('It is').selectOption({ label: 'hexadecimal' })
  await dialog.getByLabel('The body').fill('0g')
  await refusedAt(dialog.getByLabel('The body'), 'no hexadecimal digit')
  assert.equal(await dialog.getByText(/^Refused$/).count(), 1, 'no code of our own')
  const status = dialog.getByLabel('Status')
  await dialog.getByLabel('It is').selectOption({ label: 'none' })
  await status.fill('2e2')
  await refusedAt(status, 'RFC 9112 section 4')
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

test('what was typed last is what is inspected, however fast', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page)
  for (const path of ['/one', '/two', '/three']) {
    await dialog.getByLabel('Begin with').selectOption('GET')
    await dialog.getByLabel('URL', { exact: true }).fill('http://a.test')
    await made(dialog, 'GET / HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n\r\n'.length)
    await page.evaluate((typed) => {
      const { shadowRoot } = document.querySelector('h1-inspector').shadowRoot.querySelector('h1-build')
      const input = shadowRoot.querySelector('[data-part=target]')
      input.value += typed
      input.dispatchEvent(new Event('input'))
      shadowRoot.querySelector('form').requestSubmit()
    }, path)
    await page.getByRole('button', { name: `GET ${path} HTTP/1.1` }).waitFor()
    await page.getByRole('button', { name: 'Build', exact: true }).click()
  }
  await context.close()
})

test('the focus stays where lines are moved and removed, and presets are stepped through with keys', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page, LONG)
  const focused = () =>
    page.evaluate(() => {
      let at = document.activeElement
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
      return [at.ariaLabel ?? at.textContent, at.closest('.line')?.ariaLabel].join(' of ')
    })
  await dialog.getByRole('group', { name: 'Field lines 1' }).getByLabel('Move down').click()
  assert.equal(await focused(), 'Move down of Field lines 2')
  await page.keyboard.press('Enter')
  assert.equal(await focused(), 'Move up of Field lines 3')
  await dialog.getByRole('group', { name: 'Field lines 3' }).getByLabel('Remove').click()
  assert.equal(await focused(), 'Remove of Field lines 2')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  assert.equal(await focused(), 'Add a line of ')
  await dialog.getByLabel('Begin with').focus()
  for (const title of ['GET', 'POST, a form', 'POST, JSON']) {
    await page.keyboard.press('ArrowDown')
    const shown = await dialog.getByLabel('Begin with').evaluate((one) => one.selectedOptions[0].textContent)
    assert.equal(shown, title)
  }
  assert.equal(await dialog.getByLabel('Method', { exact: true }).inputValue(), 'POST')
  await context.close()
})

test('an absolute-form target stays one, and what was filled in stays while the octets do', async () => {
  const { page, context } = await pages.page()
  const absolute = 'GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\n\r\n'
  const dialog = await opened(page, absolute)
  await made(dialog, absolute.length)
  assert.match(await dialog.textContent(), /the same as were there/)
  await dialog.getByLabel('Method', { exact: true }).fill('PUT')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Build', exact: true }).click()
  assert.equal(await dialog.getByLabel('Method', { exact: true }).inputValue(), 'PUT')
  await context.close()
})

test('raw begins with what was made, chunks and all, and its refusals are at their lines', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page)
  await dialog.getByLabel('Begin with').selectOption('POST, chunked with trailers')
  await dialog.getByText('What is made').first().waitFor()
  const before = await dialog.getByText(/What is made: \d+ octets/).textContent()
  await dialog.getByLabel('What is built').selectOption('Raw, unchecked')
  await dialog.getByLabel('First line').waitFor()
  await dialog.getByText(before).waitFor()
  assert.match(
    (await dialog.getByRole('region', { name: 'What is made' }).textContent()).replace(/\s/g, ''),
    /hello\u00b7world\u240d\u240a0\u240d\u240aX-Checksum/,
  )
  const value = dialog.getByRole('group', { name: 'Field lines 1' }).getByLabel('Value')
  await value.fill('\u20ac')
  await dialog.locator('#fault').waitFor()
  assert.equal(await value.getAttribute('aria-invalid'), 'true')
  await context.close()
})

test('an answer to HEAD is taken apart as one, and what cannot be is said', async () => {
  const { page, context } = await pages.page()
  const both = 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
  await openOctets(page, both)
  await page.locator('.messages button', { hasText: '200 OK' }).click()
  await page.getByRole('button', { name: 'Build', exact: true }).click()
  const dialog = page.getByRole('dialog')
  assert.equal(await dialog.getByLabel('Answers').inputValue(), 'HEAD')
  await made(dialog, 38)
  await page.keyboard.press('Escape')
  await openOctets(page, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe')
  await page.getByRole('button', { name: 'Build', exact: true }).click()
  await dialog.getByText('cannot be taken apart').waitFor()
  await context.close()
})

test('keys and pastes in the form are the form’s own', async () => {
  const { page, context } = await pages.page()
  const dialog = await opened(page)
  const before = await shown(page)
  await page.evaluate(() => navigator.clipboard.writeText('PASTED'))
  await dialog.getByLabel('Method', { exact: true }).fill('PU')
  await page.keyboard.type('T')
  await page.keyboard.press('Control+z')
  await dialog.getByRole('button', { name: 'Cancel' }).focus()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+v')
  await page.waitForTimeout(300)
  assert.equal(await shown(page), before)
  assert.notEqual(await dialog.getByLabel('Method', { exact: true }).inputValue(), 'PUT', 'its own undo')
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
  await made(dialog, 'GET  /\nA : example.org\nAccept: */*\n\n'.length)
  await dialog.getByRole('button', { name: 'Inspect' }).click()
  await page.waitForFunction(() => document.querySelector('h1-inspector').octets.length === 36)
  assert.equal(await shown(page), 'GET  /\nA : example.org\nAccept: */*\n\n')
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
