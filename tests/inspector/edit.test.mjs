// The octets edited where they are shown, and every change taken back and made again.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openOctets, shownOctets as shown, startPages } from './page.mjs'

const GET = 'GET /a HTTP/1.1\r\nHost: b\r\n\r\n'

let pages
before(async () => {
  pages = await startPages()
})
after(() => pages.stop())

const shownStart = (page) =>
  page.evaluate(() => String.fromCharCode(...document.querySelector('h1-inspector').octets.subarray(0, 12)))
/** What was typed is read, and the cursor is where it belongs. */
const settled = (page, length) =>
  page.waitForFunction((expected) => {
    const element = document.querySelector('h1-inspector')
    return element.inspected.octets === element.octets && element.octets.length === expected
  }, length)
const cursor = (page) => page.evaluate(() => document.querySelector('h1-inspector').chosen.octet)
const text = (page) => page.getByRole('grid', { name: 'Octets as text' })

test('text is typed before the cursor, in one go, and is one change', async () => {
  const { page, complaints, context } = await pages.page()
  await openOctets(page, GET)
  await page.locator('h1-text .run', { hasText: '/a' }).click({ position: { x: 12, y: 8 } })
  assert.equal(await cursor(page), 5)
  await page.keyboard.type('xyz?q=1')
  await settled(page, GET.length + 7)
  assert.equal(await shown(page), GET.replace('/a', '/xyz?q=1a'))
  assert.equal(await cursor(page), 12)
  assert.equal(await page.locator('h1-tree').getByText('/xyz?q=1a').first().isVisible(), true)
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Delete')
  await settled(page, GET.length + 5)
  assert.equal(await shown(page), GET.replace('/a', '/xyz?q='))

  for (const length of [GET.length + 6, GET.length + 7, GET.length]) {
    await page.keyboard.press('Control+z')
    await settled(page, length)
  }
  assert.equal(await shown(page), GET)
  assert.equal(await cursor(page), 5)
  await page.keyboard.press('Control+Shift+z')
  await settled(page, GET.length + 7)
  await page.keyboard.press('Control+y')
  await settled(page, GET.length + 6)
  await page.getByRole('button', { name: 'Redo' }).click()
  await settled(page, GET.length + 5)
  assert.equal(await page.getByRole('button', { name: 'Redo' }).isDisabled(), true)
  await page.getByRole('button', { name: 'Undo' }).click()
  await settled(page, GET.length + 6)
  assert.deepEqual(complaints, [])
  await context.close()
})

/** Presses keys in these views one behind the other, without a wait for the octets to be read anew. */
const press = (page, presses) =>
  page.evaluate(async (all) => {
    for (const [view, key, more] of all) {
      document
        .querySelector('h1-inspector')
        .shadowRoot.querySelector(view)
        .shadowRoot.querySelector('.rows')
        .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, ...more }))
      await new Promise((resolve) => setTimeout(resolve))
    }
  }, presses)

test('both views know where the cursor is, though what was typed is not yet read', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, GET)
  const undo = ['h1-text', 'z', { ctrlKey: true }]
  await press(page, [
    ['h1-text', 'x'],
    ['h1-hex', 'Insert'],
    ['h1-hex', 'Insert'],
    ['h1-text', 'y'],
    undo,
    ['h1-text', 'q'],
  ])
  await settled(page, GET.length + 4)
  assert.equal(await shown(page), `xq\0\0${GET}`)
  assert.equal(await cursor(page), 2)
  await page.evaluate(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' }))
  await press(page, [
    ['h1-text', '@', { altKey: true }],
    ['h1-text', 'k', { ctrlKey: true, altKey: true }],
  ])
  await settled(page, GET.length + 5)
  assert.equal(await shown(page), `xq@\0\0${GET}`)
  await context.close()
})

test('the cursor moves, and is taken back, though what was typed is not yet read', async () => {
  const { page, context } = await pages.page()
  const text = (keys) =>
    [...keys].map((key) => ['h1-text', { '<': 'ArrowLeft', '-': 'Backspace' }[key] ?? key])
  const undo = ['h1-text', 'z', { ctrlKey: true }]
  for (const octets of [GET, GET.repeat(40_000)]) {
    for (const [presses, expected, at] of [
      [text('abc<'), 'abc', 2],
      [text('abc<d'), 'abdc', 3],
      [[...text('abc-'), undo], 'abc', 3],
      [[...text('abc-'), undo, ...text('d')], 'abcd', 4],
      [[...text('abc'), undo, ...text('d')], 'd', 1],
    ]) {
      await openOctets(page, octets)
      await page.getByRole('grid', { name: 'Octets as text' }).focus()
      await page.keyboard.press('Home')
      await press(page, presses)
      await settled(page, octets.length + expected.length)
      assert.equal((await shownStart(page)).slice(0, expected.length + 3), `${expected}GET`)
      assert.equal(await cursor(page), at, `${expected} in ${octets.length}`)
    }
  }
  await context.close()
})

test('Enter writes CR LF or LF as it was chosen; beyond ASCII it is UTF-8; at the end it goes on', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, GET)
  await text(page).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('ArrowRight')
  assert.equal(await cursor(page), GET.length)
  // Keys that this keyboard does not have.
  for (const key of '\u00e9\u20ac')
    await text(page).dispatchEvent('keydown', { key, bubbles: true, composed: true })
  await page.keyboard.press('Enter')
  await page.getByLabel('Enter writes').selectOption({ label: 'LF' })
  await text(page).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+i')
  await settled(page, GET.length + 9)
  assert.equal(await shown(page), `${GET}\xc3\xa9\xe2\x82\xac\r\n\n\t`)
  await page.keyboard.press('Tab')
  assert.notEqual(
    await page.evaluate(() => document.querySelector('h1-inspector').shadowRoot.activeElement?.localName),
    'h1-text',
  )
  assert.equal((await shown(page)).length, GET.length + 9, 'Tab writes nothing')
  await context.close()
})

test('octets are written where there are none', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, 'x')
  await text(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Delete')
  await settled(page, 0)
  await page.keyboard.type('GET / HTTP/1.1')
  await settled(page, 14)
  assert.equal(await shown(page), 'GET / HTTP/1.1')
  await context.close()
})

test('digits typed in one go overwrite octet behind octet', async () => {
  const { page, context } = await pages.page()
  await openOctets(page, GET)
  await page.locator('h1-hex [data-at="4"]').first().click()
  await page.keyboard.type('2f7a2f')
  await page.keyboard.press('Insert')
  await page.keyboard.type('ff')
  await settled(page, GET.length + 1)
  assert.equal(await shown(page), GET.replace('/a ', '/z/\xff'))
  await context.close()
})

test('a character typed into 10 MB is shown soon', async () => {
  const { page, context } = await pages.page()
  const message = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}'
  await openOctets(page, message.repeat(Math.ceil(10_000_000 / message.length)))
  await text(page).focus()
  await page.keyboard.press('ArrowRight')
  // How long the page cannot do anything else for a key.
  const took = await page.evaluate(async () => {
    const times = []
    const box = document
      .querySelector('h1-inspector')
      .shadowRoot.querySelector('h1-text')
      .shadowRoot.querySelector('.rows')
    for (const key of 'abcde') {
      const start = performance.now()
      box.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true }),
      )
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      times.push(performance.now() - start)
    }
    return times.sort((one, other) => one - other)[2]
  })
  console.log(
    `measured inspector page: a character typed into 10 MB holds the page for ${took.toFixed(0)} ms (median)`,
  )
  assert.ok(took < 100, `${took} ms`)
  await context.close()
})
