// The inspector page in Firefox, as users have it: the features that depend on the browser, clicked through.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, beforeEach, test } from 'node:test'
import puppeteer from 'puppeteer-core'
import { findFirefox } from '../../npm/scripts/lib/browser.mjs'
import { startUi } from '../../npm/scripts/lib/ui.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ELEMENT = 'h1-inspector >>> '

let ui
let browser
let page
let complaints
before(async () => {
  ui = await startUi()
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: findFirefox(), headless: true })
})
after(async () => {
  await browser?.close()
  await ui.stop()
})
beforeEach(async () => {
  page = await opened(ui.url)
})

async function opened(url) {
  const made = await browser.newPage()
  complaints = []
  made.on('console', (message) => complaints.push(message.text()))
  made.on('pageerror', (error) => complaints.push(error.stack))
  await made.setViewport({ width: 1440, height: 900 })
  await made.goto(url)
  await made.waitForSelector(`${ELEMENT}h1-text >>> .run`)
  return made
}

const see = (selector) => page.waitForSelector(ELEMENT + selector)
const click = async (selector) => (await see(selector)).click()
const texts = (selector) => page.$$eval(ELEMENT + selector, (all) => all.map((one) => one.textContent.trim()))
const octets = () =>
  page.evaluate(() => String.fromCharCode(...document.querySelector('h1-inspector').octets))
const button = async (name) => {
  const found = await page.evaluateHandle(
    (text) =>
      [...document.querySelector('h1-inspector').shadowRoot.querySelectorAll('button')].find(
        (one) => one.textContent.trim() === text,
      ),
    name,
  )
  await found.asElement().click()
}
/** Whether the octets that are shown are these, and read. */
const settled = (length) =>
  page.waitForFunction(
    (expected) => {
      const { inspected, octets } = document.querySelector('h1-inspector')
      return inspected.octets === octets && octets.length === expected
    },
    {},
    length,
  )

test('three views of the same octets, findings and readers', async () => {
  await click('h1-hex >>> [data-at="17"]')
  assert.deepEqual(await texts('h1-hex >>> .pair.chosen'), ['48', '6f', '73', '74'])
  assert.deepEqual(await texts('h1-text >>> .run.chosen'), ['Host'])
  assert.match((await texts('h1-tree >>> [aria-selected=true]')).join(), /field-name/)
  assert.ok((await texts('.finding')).some((one) => one.includes('H1_TRANSFER_ENCODING_WITH_LENGTH')))
  await click('#tab-readings')
  await see('.readings li')
  assert.ok((await texts('.readings li')).length >= 3)
  assert.deepEqual(complaints, [])
})

test('octets are typed, overwritten in hexadecimal, and every change is taken back', async () => {
  const before = await octets()
  await click('h1-text >>> .rows')
  await page.keyboard.press('Home')
  await page.keyboard.type('XY')
  await settled(before.length + 2)
  await click('h1-hex >>> [data-at="0"]')
  await page.keyboard.type('5a')
  await page.keyboard.press('Delete')
  await settled(before.length + 1)
  for (const length of [before.length + 2, before.length + 2, before.length + 2, before.length]) {
    await page.keyboard.down('Control')
    await page.keyboard.press('z')
    await page.keyboard.up('Control')
    await settled(length)
  }
  assert.equal(await octets(), before)
  assert.deepEqual(complaints, [])
})

test('a body in gzip is unpacked, and parsing is stepped through', async () => {
  const packed = await page.evaluate(async () => {
    const stream = new Blob(['{"a":1}']).stream().pipeThrough(new CompressionStream('gzip'))
    const body = new Uint8Array(await new Response(stream).arrayBuffer())
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`
    await document
      .querySelector('h1-inspector')
      .inspect(new Uint8Array([...new TextEncoder().encode(head), ...body]))
    return body.length
  })
  assert.ok(packed > 0)
  await click('#tab-body')
  await page.waitForFunction(() =>
    document
      .querySelector('h1-inspector')
      .shadowRoot.querySelector('h1-body')
      ?.shadowRoot.textContent.includes('"a": 1'),
  )
  await click('#tab-steps')
  await see('input[type=range]')
  assert.deepEqual(complaints, [])
})

test('a message is built, and a refusal is said in place', async () => {
  await button('Build')
  await see('h1-build >>> dialog[open]')
  const [method] = await page.$$(`${ELEMENT}h1-build >>> [data-part=method]`)
  await method.click({ count: 3 })
  await page.keyboard.type('G T')
  await see('h1-build >>> #fault')
  assert.equal(await method.evaluate((one) => one.getAttribute('aria-invalid')), 'true')
  await method.click({ count: 3 })
  await page.keyboard.type('PUT')
  await see('h1-build >>> button.first:enabled')
  await click('h1-build >>> button.first')
  await page.waitForFunction(() =>
    String.fromCharCode(...document.querySelector('h1-inspector').octets).startsWith('PUT '),
  )
  assert.deepEqual(complaints, [])
})

test('other formats are read, two messages are compared, and a link holds the octets', async () => {
  await button('Write')
  await click('h1-write >>> input[value=other]')
  await click('h1-write >>> textarea')
  await page.keyboard.down('Control')
  await page.keyboard.press('a')
  await page.keyboard.up('Control')
  await page.keyboard.type('curl http://a.test/b')
  await click('h1-write >>> button.first')
  await see('.notice')
  assert.match((await texts('.notice p')).join(), /^Taken for a curl command/)
  assert.match(await octets(), /^GET \/b HTTP\/1\.1\r\nHost: a\.test\r\n/)
  await button('Compare')
  await page.waitForFunction(
    () => document.querySelector('h1-inspector').shadowRoot.querySelector('h1-compare')?.seen !== undefined,
  )
  assert.match((await texts('h1-compare >>> .verdict')).join(), /^Another meaning: message 1: method/)
  await button('Compare')

  const shown = await octets()
  await button('Copy link')
  await page.waitForFunction(() => location.hash.startsWith('#z='))
  const other = await opened(page.url())
  page = other
  await settled(shown.length)
  assert.equal(await octets(), shown)
  assert.deepEqual(complaints, [])
})

test('all is accessible', async () => {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () =>
    (await window.axe.run(document, { resultTypes: ['violations'], preload: false })).violations.map(
      ({ id }) => id,
    ),
  )
  assert.deepEqual(violations, [])
})
