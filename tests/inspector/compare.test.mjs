// Two messages side by side: octets, meaning, and the way from one difference to the next.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { openOctets, startPages } from './page.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const LEFT = 'POST /a HTTP/1.1\r\nHost: b\r\nX-One: 1\r\nContent-Length: 5\r\n\r\nhello'

let pages
before(async () => {
  pages = await startPages()
})
after(() => pages.stop())

/** Shows the second behind the first, and compares them. */
async function compared(page, left, right) {
  await openOctets(page, left)
  await openOctets(page, right)
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.locator('h1-compare .verdict', { hasText: '.' }).waitFor()
  await page.waitForFunction(
    () => document.querySelector('h1-inspector').shadowRoot.querySelector('h1-compare').seen,
  )
  return page.locator('h1-compare .verdict').textContent()
}

const meanings = async (page) =>
  (await page.locator('h1-compare tbody tr').allTextContents()).map((row) => row.replace(/\s+/g, ' ').trim())

test('the octets before and those now: the same meaning in other octets', async () => {
  const { page, complaints, context } = await pages.page()
  const right =
    'POST /a HTTP/1.1\r\nhost:  b\r\nTransfer-Encoding: chunked\r\nX-One: 1\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'
  assert.equal(
    await compared(page, LEFT, right),
    'Another meaning: field Content-Length, field Transfer-Encoding.',
  )
  const same = LEFT.replace('Host: b', 'host:  b').replace('X-One: 1', 'X-One: 1 ')
  assert.equal(await compared(page, LEFT, same), 'Other octets, the same meaning.')
  assert.deepEqual(await meanings(page), [
    'field Host b \u2248case of the name b',
    'field X-One 1 \u2248whitespace, folds or line ends 1',
  ])
  await page.getByRole('button', { name: /parts are the same: show them too/ }).click()
  assert.ok((await meanings(page)).includes('method POST = POST'))
  assert.equal(await compared(page, LEFT, LEFT), 'The same octets.')
  assert.deepEqual(complaints, [])
  await context.close()
})

test('no other meaning is passed over: later messages, what is no message, what is cut short', async () => {
  const { page, context } = await pages.page()
  const two = (path) => `GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
  const large = LEFT.replace('5\r\n\r\nhello', `5000000\r\n\r\n${'a'.repeat(5_000_000)}`)
  const chunked = (chunks) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`
  for (const [left, right, says] of [
    [two('/2'), two('/3'), 'Another meaning: message 2: request-target.'],
    [two('/2'), `${two('/2')}\x00`, /^Another meaning: .*what is no message/],
    [LEFT, LEFT.slice(0, -1), /^Another meaning: body, end, errors/],
    [LEFT, LEFT.replace('X-One: 1', 'Content-Length: 5'), /^Another meaning: field X-One/],
    [
      LEFT.replace('X-One: 1', 'Connection: close'),
      LEFT.replace('X-One: 1', 'Connection: Close'),
      /^Another meaning: field Connection/,
    ],
    [
      'HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n',
      'HTTP/1.1 200 OK\r\nSet-Cookie: a, b\r\n\r\n',
      'Another meaning: field Set-Cookie.',
    ],
    [
      'HTTP/1.1 200 OK\r\nSet-Cookie: a, b\r\nSet-Cookie: c\r\n\r\n',
      'HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b, c\r\n\r\n',
      'Another meaning: field Set-Cookie.',
    ],
    [
      LEFT.replace('X-One: 1', 'Cookie: a=1\r\nCookie: b=2'),
      LEFT.replace('X-One: 1', 'Cookie: a=1, b=2'),
      'Another meaning: field Cookie.',
    ],
    [
      LEFT.replace('X-One: 1', 'bad line'),
      LEFT.replace('X-One: 1', 'worse line'),
      'Another meaning: what fits no rule.',
    ],
    [large, `${large.slice(0, -1)}b`, 'Another meaning: body.'],
    [chunked('2;a\r\nhe\r\n'), chunked('2;b="c"\r\nhe\r\n'), 'Another meaning: chunk extensions.'],
    [chunked('2\r\nhe\r\n'), chunked('1\r\nh\r\n1\r\ne\r\n'), 'Other octets, the same meaning.'],
    [
      'HTTP/1.1 200 OK\r\nVary: a\r\nVary: b\r\n\r\n',
      'HTTP/1.1 200 Fine\r\nVary: a, b\r\n\r\n',
      'Other octets, the same meaning.',
    ],
  ]) {
    const verdict = await compared(page, left, right)
    if (typeof says === 'string') assert.equal(verdict, says)
    else assert.match(verdict, says)
  }
  await context.close()
})

test('what means something else is named, and each difference is gone to', async () => {
  const { page, context } = await pages.page()
  const right = LEFT.replace('/a', '/abc').replace('hello', 'hallo').replace('X-One: 1', 'X-Two: 2')
  assert.equal(
    await compared(page, LEFT, right),
    'Another meaning: request-target, field X-One, field X-Two, body.',
  )
  assert.match(
    (await meanings(page)).find((row) => row.startsWith('body')),
    /from octet 1 of it on/,
  )
  await page.getByText('3 differences').waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('3 differences, at number 1').waitFor()
  await page.getByRole('button', { name: 'Previous' }).click()
  await page.getByText('3 differences, at number 3').waitFor()
  assert.equal(await page.locator('h1-compare-rows .row.here .side').first().textContent(), ' 58hello')
  assert.deepEqual(await page.locator('h1-compare-rows .row.here .own').allTextContents(), ['e', 'a'])
  await page.getByRole('grid', { name: 'Both, line beside line' }).focus()
  await page.keyboard.press('p')
  await page.getByText('3 differences, at number 2').waitFor()
  await page.getByRole('button', { name: 'Change sides' }).click()
  await page.waitForFunction(
    () => document.querySelector('h1-inspector').shadowRoot.querySelector('h1-compare').seen,
  )
  assert.equal(await page.locator('h1-compare-rows .own').first().textContent(), 'bc')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Show left' }).click()
  await page.getByRole('grid', { name: 'Octets as text' }).waitFor()
  const chosen = await page.evaluate(() => document.querySelector('h1-inspector').chosen.octet)
  assert.equal(right.slice(chosen, chosen + 5), 'X-Two')
  await context.close()
})

test('messages of one stream, an example, a file', async () => {
  const { page, context } = await pages.page({ fragment: '' })
  await openOctets(page, 'x')
  await page.evaluate(() => {
    const element = document.querySelector('h1-inspector')
    element.history = new element.history.constructor()
  })
  await openOctets(page, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
  await page.getByRole('button', { name: 'Compare' }).click()
  const compare = page.locator('h1-compare')
  await compare.getByRole('combobox', { name: /^Left/ }).selectOption('Message 1 of these')
  await compare.getByRole('combobox', { name: /^Right/ }).selectOption('Message 2 of these')
  await compare.locator('.verdict', { hasText: 'Another meaning: request-target.' }).waitFor()
  await compare.getByRole('combobox', { name: /^Right/ }).selectOption({ label: 'A plain GET' })
  await compare.locator('.verdict', { hasText: 'Another meaning: ' }).waitFor()
  await compare
    .locator('input.right')
    .setInputFiles({ name: 'f', mimeType: 'x/y', buffer: Buffer.from('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n') })
  await compare.locator('.verdict', { hasText: 'The same octets.' }).waitFor()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('grid', { name: 'Octets as text' }).waitFor()
  await context.close()
})

test('undoing leaves the comparison of what is undone', async () => {
  const { page, context } = await pages.page()
  await compared(page, LEFT, LEFT.replace('/a', '/b'))
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('grid', { name: 'Octets as text' }).waitFor()
  assert.equal(await page.locator('h1-compare').count(), 0)
  await page.getByRole('grid', { name: 'Octets as text' }).focus()
  await page.keyboard.press('Control+End')
  await page.locator('.live', { hasText: 'behind the last octet' }).waitFor({ state: 'attached' })
  await context.close()
})

test('large sides stay smooth', async () => {
  const { page, context } = await pages.page()
  const message = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}'
  const half = message.repeat(Math.ceil(5_000_000 / message.length))
  await compared(page, half + half, `${half.replace('/a', '/b')}${half.replace('Host: a', 'Host: c')}`)
  assert.ok((await page.locator('h1-compare-rows [role=row]').count()) < 120)
  const took = await page.evaluate(async () => {
    const compare = document.querySelector('h1-inspector').shadowRoot.querySelector('h1-compare')
    const button = [...compare.shadowRoot.querySelectorAll('button')].find(
      (one) => one.textContent === 'Next',
    )
    const times = []
    for (let press = 0; press < 5; press++) {
      const start = performance.now()
      button.click()
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      times.push(performance.now() - start)
    }
    return times.sort((one, other) => one - other)[2]
  })
  console.log(
    `measured inspector page: the next difference in 10 MB is shown within ${took.toFixed(0)} ms (median)`,
  )
  assert.ok(took < 100, `${took} ms`)
  await context.close()
})

test('the comparison is accessible, wide and narrow', async () => {
  for (const [width, scheme] of [
    [1440, 'light'],
    [390, 'dark'],
  ]) {
    const { page, context } = await pages.page({ width, scheme })
    await compared(page, LEFT, LEFT.replace('/a', '/abc').replace('Host: b', 'host: b'))
    await page.evaluate(AXE)
    const { violations } = await page.evaluate(() =>
      window.axe.run(document, { resultTypes: ['violations'], preload: false }),
    )
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes[0].html]),
      [],
    )
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= width, `${wide} px wide`)
    await context.close()
  }
})
