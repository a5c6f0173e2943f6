// The inspector page and other formats: what comes in is recognised, what goes out is written.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readMessages, writeMessages } from 'h1wire/convert'
import { chooseCopy, copyAs, openOctets, shownOctets as shown, startPages } from './page.mjs'

const POST =
  'POST /form HTTP/1.1\r\nHost: a.test\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nJ\xc3\xb6rg'
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok'
const octets = (text) => Buffer.from(text, 'latin1')

let pages
before(async () => {
  pages = await startPages()
})
after(() => pages.stop())

const noticed = async (page, says) => {
  await page.locator('.notice', { hasText: says }).waitFor()
  return page.locator('.notice p').textContent()
}

test('a curl command that is pasted is read as what it sends, or taken as it is', async () => {
  const { page, complaints, context } = await pages.page()
  const command = "curl http://a.test/b -H 'X: y' -d 'name=J\u00f6rg'"
  await page.evaluate((text) => navigator.clipboard.writeText(text), command)
  await page.keyboard.press('Control+V')
  await noticed(page, 'Taken for a curl command')
  assert.match(await shown(page), /^POST \/b HTTP\/1\.1\r\nHost: a\.test\r\n[\s\S]*name=J\xc3\xb6rg$/)
  await page.getByRole('button', { name: 'Take it as it is' }).click()
  await noticed(page, 'Pasted, with CR LF')
  assert.equal(await shown(page), Buffer.from(command).toString('latin1'))
  assert.deepEqual(complaints, [])
  await context.close()
})

test('a HAR file: its requests, its responses, and what it could not say', async () => {
  const { page, context } = await pages.page()
  const messages = [...readMessages('raw', octets(POST)), ...readMessages('raw', octets(RESPONSE))]
  await openOctets(page, Buffer.from(writeMessages('har', messages)).toString('latin1'), 'log.har')
  assert.equal(await noticed(page, 'a HAR file'), 'Taken for a HAR file: its requests.')
  assert.equal(await shown(page), POST)
  await page.getByRole('button', { name: 'Its responses' }).click()
  await noticed(page, 'its responses')
  assert.equal(await shown(page), RESPONSE)
  await page.getByRole('button', { name: 'Its requests' }).click()
  await noticed(page, 'its requests')
  assert.equal(await shown(page), POST)
  await context.close()
})

test('what looks like another format and is refused is shown as it is, with the reason', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, 'curl -d @secret http://a.test/')
  assert.match(
    await noticed(page, 'looks like'),
    /cannot be read as that: .*names a file.* Shown as it is\.$/,
  )
  assert.equal(await shown(page), 'curl -d @secret http://a.test/')
  await context.close()
})

test('text that is refused says what was done with it, and can still be taken as it is', async () => {
  const { page, context } = await pages.page()
  await page.evaluate(() => navigator.clipboard.writeText('# no request\n{}'))
  await page.keyboard.press('Control+V')
  assert.match(await noticed(page, 'looks like a .http file'), /\. Pasted, with CR LF for each line end\.$/)
  assert.equal(await shown(page), '# no request\r\n{}')
  await page.getByRole('button', { name: 'Take it as it is' }).click()
  await noticed(page, 'as it is: line ends')
  assert.equal(await shown(page), '# no request\n{}')
  await context.close()
})

test('a folder is told to be none, and of two files the last is shown', async () => {
  const { page, complaints, context } = await pages.page()
  await page.evaluate(() => {
    const drop = (file) => {
      const event = new DragEvent('drop', { bubbles: true, cancelable: true })
      Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], files: [file] } })
      document.querySelector('h1-inspector').dispatchEvent(event)
    }
    const folder = new File([], 'folder')
    folder.arrayBuffer = () => Promise.reject(new Error('it is a folder'))
    drop(folder)
    window.drop = drop
  })
  await noticed(page, 'folder cannot be read: it is a folder')
  await page.evaluate(() => {
    const slow = new File([], 'slow')
    slow.arrayBuffer = () =>
      new Promise((resolve) => setTimeout(() => resolve(new TextEncoder().encode('slow').buffer), 400))
    window.drop(slow)
    window.drop(new File(['quick'], 'quick'))
  })
  await page.waitForTimeout(800)
  assert.equal(await shown(page), 'quick')
  assert.deepEqual(complaints, [])
  await context.close()
})

test('what answers HEAD is copied with its length, and left out of a stream of responses', async () => {
  const { page, context } = await pages.page()
  const exchange = `HEAD / HTTP/1.1\r\nHost: a\r\n\r\n${RESPONSE.slice(0, -2)}`
  await openOctets(page, exchange)
  await page.locator('.messages button', { hasText: '200 OK' }).click()
  const json = await copyAs(page, 'JSON')
  assert.match(json, /"Content-Length",\s*"2"/)
  const messages = [
    ...readMessages('raw', octets('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')),
    ...readMessages('raw', octets(POST)),
    ...readMessages('raw', octets(RESPONSE.slice(0, -2) + RESPONSE), { methods: ['HEAD', 'POST'] }),
  ]
  await openOctets(page, Buffer.from(writeMessages('har', messages)).toString('latin1'), 'log.har')
  assert.match(await noticed(page, 'a HAR file'), /response 1 is left out: it answers HEAD/)
  await page.getByRole('button', { name: 'Its responses' }).click()
  await noticed(page, 'its responses')
  assert.equal(await shown(page), RESPONSE)
  await context.close()
})

test('of many notes the first are told', async () => {
  const { page, context } = await pages.page()
  const bad = (at) => ({
    request: {
      method: 'GET',
      url: `http://a/${at}`,
      httpVersion: 'HTTP/1.1',
      headers: [{ name: 'X Y', value: '' }],
    },
  })
  const good = { request: { method: 'GET', url: 'http://a/', httpVersion: 'HTTP/1.1', headers: [] } }
  const entries = [good, ...Array.from({ length: 300 }, (_, at) => bad(at))]
  await openOctets(page, JSON.stringify({ log: { entries } }), 'log.har')
  const says = await noticed(page, 'a HAR file')
  assert.match(says, /And 297 more notes\.$/)
  assert.ok(says.length < 1000, says)
  await context.close()
})

test('a hex dump, a call of fetch and a .http file are written in the dialog', async () => {
  const { page, context } = await pages.page()
  for (const [text, what, expected] of [
    ['00000000: 4745 5420 2f20 ff0a', 'a hex dump', 'GET / \xff\n'],
    [
      'fetch("http://a.test/f", { method: "DELETE" })',
      'a call of fetch',
      'DELETE /f HTTP/1.1\r\nHost: a.test\r\n\r\n',
    ],
    ['# comment\nGET http://a.test/h', 'a .http file', 'GET /h HTTP/1.1\r\nHost: a.test\r\n\r\n'],
  ]) {
    await page.getByRole('button', { name: 'Write' }).click()
    await page.getByLabel('Another format').check()
    await page.getByLabel('The octets, written').fill(text)
    await page.getByRole('button', { name: 'Inspect' }).click()
    await noticed(page, `Taken for ${what}`)
    assert.equal(await shown(page), expected)
  }
  await page.getByRole('button', { name: 'Write' }).click()
  await page.getByLabel('Another format').check()
  await page.getByLabel('The octets, written').fill('none of them')
  await page.getByRole('button', { name: 'Inspect' }).click()
  await noticed(page, 'none of the formats')
  assert.equal(await shown(page), 'none of them')
  await context.close()
})

test('octets are copied as each format, which reads back as the same message', async () => {
  const { page, complaints, context } = await pages.page()
  await openOctets(page, POST)
  for (const [title, format] of [
    ['curl', 'curl'],
    ['HAR', 'har'],
    ['JSON', 'json'],
    ['Hex', 'hex'],
  ]) {
    const [message] = readMessages(format, await copyAs(page, title))
    assert.equal(Buffer.from(message.body).toString('latin1'), 'J\xc3\xb6rg', title)
    assert.deepEqual([...message.headers].sort(), [
      ['Content-Length', '5'],
      ['Content-Type', 'text/plain'],
      ['Host', 'a.test'],
    ])
  }
  assert.match(await copyAs(page, 'fetch'), /^fetch\("http:\/\/a\.test\/form", \{/)
  assert.match(await copyAs(page, '.http'), /^POST http:\/\/a\.test\/form HTTP\/1\.1\n/)
  assert.match(await copyAs(page, 'Rust'), /^b"POST \/form HTTP\/1\.1\\r\\n\\\n {2}Host: a\.test/)
  assert.match(await copyAs(page, 'C'), /^static const char message\[\] =\n {2}"POST \/form/)
  assert.deepEqual(complaints, [])
  await context.close()
})

test('of a stream, the message that something is chosen in is copied alone', async () => {
  const { page, context } = await pages.page()
  const request = (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
  await openOctets(page, `${request('/1')}${request('/2')}HTTP/1.1 204 \r\n\r\n`)
  await page.locator('.messages button', { hasText: 'GET /2' }).click()
  assert.match(await copyAs(page, 'curl'), /^curl http:\/\/a\/2 /)
  await page.locator('.messages button', { hasText: '204' }).click()
  assert.match(await copyAs(page, 'JSON'), /^\{\s+"status": 204/)
  await openOctets(page, request('/1') + request('/2'))
  assert.equal((await copyAs(page, 'curl')).match(/^curl /gm).length, 2)
  await context.close()
})

test('a secret is not copied as a command unless that is meant', async () => {
  const { page, context } = await pages.page()
  await page.evaluate(() => navigator.clipboard.writeText('untouched'))
  await openOctets(page, 'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic eDp5\r\n\r\n')
  await chooseCopy(page, 'curl')
  await noticed(page, 'A field here is a secret')
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'untouched')
  await page.getByRole('button', { name: 'Copy all the same' }).click()
  await noticed(page, 'curl: copied.')
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /eDp5/)
  await context.close()
})

test('an entry of a HAR that cannot be written is left out, and the others are shown', async () => {
  const { page, context } = await pages.page()
  const entry = (name) => ({
    request: {
      method: 'GET',
      url: 'http://a.test/',
      httpVersion: 'HTTP/1.1',
      headers: [{ name, value: '1' }],
    },
  })
  await openOctets(page, JSON.stringify({ log: { entries: [entry('X Y'), entry('X')] } }), 'log.har')
  assert.match(
    await noticed(page, 'a HAR file'),
    /request 1 is left out: .*Invalid character in a header name/,
  )
  assert.equal(await shown(page), 'GET / HTTP/1.1\r\nHost: a.test\r\nX: 1\r\n\r\n')
  await context.close()
})

test('what a format cannot say is told: left out, or not copied at all', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, POST)
  await chooseCopy(page, 'fetch')
  assert.match(
    await noticed(page, 'fetch: copied.'),
    /Host, Content-Length: left out, for fetch writes them itself\.$/,
  )
  await openOctets(page, 'GET / HTTP/1.1\nHost: a\n\n')
  await chooseCopy(page, 'curl')
  assert.match(await noticed(page, 'Not copied'), /this one ends with LF alone/)
  await context.close()
})

test('the menu is worked with keys', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, POST)
  const button = page.getByRole('button', { name: 'Copy as' })
  const focused = () =>
    page.evaluate(() => {
      let at = document.activeElement
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
      return at?.textContent.trim()
    })
  await button.focus()
  await page.keyboard.press('ArrowDown')
  assert.match(await focused(), /^Raw text/)
  await page.keyboard.press('End')
  assert.match(await focused(), /^JSON/)
  await page.keyboard.press('ArrowDown')
  assert.match(await focused(), /^Raw text/)
  await page.keyboard.press('r')
  assert.match(await focused(), /^Rust/)
  await page.keyboard.press('Escape')
  assert.match(await focused(), /^Copy as/)
  assert.equal(await page.getByRole('menuitem').count(), 0)
  await page.keyboard.press('ArrowUp')
  assert.match(await focused(), /^JSON/)
  await page.keyboard.press('Enter')
  await noticed(page, 'JSON: copied.')
  assert.match(await focused(), /^Copy as/)
  await context.close()
})
