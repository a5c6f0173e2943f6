// The inspector page, built as it is served, clicked through in Chromium.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { unwrap } from 'h1wire/convert'
import { INSPECTOR } from '../../npm/scripts/lib/paths.mjs'
import { chooseCopy, copyAs, example, openOctets, panel, startPages } from './page.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const GET = 'GET /a HTTP/1.1\r\nHost: b\r\n\r\n'

let pages
before(async () => {
  pages = await startPages()
})
after(() => pages.stop())

describe('the views', { concurrency: 3 }, () => {
  test('show the same octets: what is chosen in one is chosen in all', async () => {
    const { page, complaints, context } = await pages.page()
    await openOctets(page, GET)
    await page.locator('h1-hex [data-at="17"]').first().click()
    assert.equal(await page.locator('h1-text .run.chosen').textContent(), 'Host')
    assert.match(
      await page.locator('h1-tree [aria-selected=true]').textContent(),
      /field-name\s*Host\s*17–21/,
    )
    assert.deepEqual(await page.locator('h1-hex .pair.chosen').allTextContents(), ['48', '6f', '73', '74'])
    const details = page.getByRole('region', { name: 'Details' })
    assert.match(await details.textContent(), /17–21\s*\(4 octets\)/)
    assert.match(await details.textContent(), /RFC 9110 section 5.1/)

    await page.locator('h1-tree').getByText('request-target').click()
    assert.equal(await page.locator('h1-text .run.chosen').textContent(), '/a')
    await page.locator('h1-text .run', { hasText: 'HTTP/1.1' }).click()
    assert.match(await page.locator('h1-tree [aria-selected=true]').textContent(), /HTTP-version/)
    await details.getByRole('button', { name: 'request-line' }).click()
    assert.equal(await page.locator('h1-hex .pair.chosen').count(), 17)
    assert.match(await page.locator('.live[role=status]').textContent(), /^request-line, octets 0 to 17/)
    assert.deepEqual(complaints, [])
    await context.close()
  })

  test('follow the pointer', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, GET)
    await page.locator('h1-text .run', { hasText: 'Host' }).hover()
    await page.locator('h1-hex .pair.pointed').nth(3).waitFor()
    assert.deepEqual(await page.locator('h1-hex .pair.pointed').allTextContents(), ['48', '6f', '73', '74'])
    await context.close()
  })

  test('make line ends, spaces and tabs visible', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, 'GET /a HTTP/1.1\r\nHost:\tb\r\n\r\n')
    const rows = await page.locator('h1-text [role=row]').allTextContents()
    assert.deepEqual(
      rows.map((row) => row.replace(/\s/g, '')),
      ['0GET·/a·HTTP/1.1␍␊', '17Host:⇥b␍␊', '26␍␊'],
    )
    await context.close()
  })

  test('are walked with the keys', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, GET)
    const chosen = () => page.evaluate(() => document.querySelector('h1-inspector').chosen.octet)
    await page.getByRole('grid', { name: 'Octets as text' }).focus()
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
    assert.equal(await chosen(), 18)
    await page.keyboard.press('Home')
    assert.equal(await chosen(), 17)
    await page.getByRole('grid', { name: 'Octets in hexadecimal' }).focus()
    await page.keyboard.press('ArrowUp')
    assert.equal(await chosen(), 1)
    await page.keyboard.press('Control+End')
    assert.equal(await chosen(), GET.length - 1)
    await page.getByRole('tree').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.getByRole('treeitem').count(), 1, 'the request is closed')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    assert.match(await page.locator('h1-tree [aria-selected=true]').textContent(), /request-line/)
    await context.close()
  })
})

describe('input', { concurrency: 3 }, () => {
  test('is written as escapes, as text with CR LF or as it is, and in hexadecimal', async () => {
    const { page, context } = await pages.page()
    const octets = () => page.evaluate(() => Array.from(document.querySelector('h1-inspector').octets))
    const write = async (spelling, text) => {
      await page.getByRole('button', { name: 'Write' }).click()
      await page.getByRole('radio', { name: spelling, exact: true }).check()
      await page.getByLabel('The octets, written').fill(text)
      await page.getByRole('button', { name: 'Inspect' }).click()
    }
    const expected = [...Buffer.from('a\r\nb\xff', 'latin1')]
    await write('Escapes', 'a\\r\\n\nb\\xff')
    assert.deepEqual(await octets(), expected)
    await write('Hex', '61 0d 0A\n62,ff')
    assert.deepEqual(await octets(), expected)
    await write('Text, CR LF', 'a\nb')
    assert.deepEqual(await octets(), [...Buffer.from('a\r\nb')])
    await write('Text, as is', 'a\nb')
    assert.deepEqual(await octets(), [...Buffer.from('a\nb')])
    await page.getByRole('button', { name: 'Undo' }).click()
    assert.deepEqual(await octets(), [...Buffer.from('a\r\nb')])
    await context.close()
  })

  test('is edited in hexadecimal, and that undone', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, GET)
    const octets = (wanted) =>
      page.waitForFunction((one) => {
        const { inspected, octets } = document.querySelector('h1-inspector')
        return inspected.octets === octets && String.fromCharCode(...octets) === one
      }, wanted)
    await page.locator('h1-hex [data-at="5"]').first().click()
    await page.keyboard.press('4')
    await page.keyboard.press('B')
    await octets(GET.replace('/a', '/K'))
    await page.waitForFunction(() => document.querySelector('h1-inspector').chosen?.octet === 6)
    await page.locator('h1-hex [data-at="5"]').first().click()
    await page.keyboard.press('Insert')
    await octets(GET.replace('/a', '/\0K'))
    for (const left of ['/K', '/']) {
      await page.keyboard.press('Delete')
      await octets(GET.replace('/a', left))
    }
    for (let undo = 0; undo < 5; undo++) await page.keyboard.press('Control+z')
    await octets(GET)
    await context.close()
  })

  test('may be nothing, or anything', async () => {
    const { page, complaints, context } = await pages.page()
    const all = Array.from({ length: 256 }, (_, one) => String.fromCharCode(one)).join('')
    for (const octets of ['', '\0', '\r\n', all]) {
      await openOctets(page, octets)
      for (const name of ['Readers', 'Body', 'Step through', 'Findings']) await panel(page, name)
      await page.getByRole('grid', { name: 'Octets in hexadecimal' }).focus()
      await page.keyboard.press('Control+End')
    }
    assert.deepEqual(complaints, [])
    await context.close()
  })

  test('says what cannot be read as octets, and when a spelling changes them', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, 'a\nb\r\n\xff')
    await page.getByRole('button', { name: 'Write' }).click()
    await page.getByText('Text, CR LF').click()
    await page.getByText('Written this way, the octets change.').waitFor()
    await page.getByText('Hex', { exact: true }).last().click()
    await page.getByLabel('The octets, written').fill('4g')
    await page.getByText('"g" is no hexadecimal digit').waitFor()
    assert.ok(await page.getByRole('button', { name: 'Inspect' }).isDisabled())
    await context.close()
  })

  test('is pasted, with an explicit choice of line ends', async () => {
    const { page, context } = await pages.page()
    await page.evaluate(() => navigator.clipboard.writeText('GET / HTTP/1.1\nHost: a\n\n'))
    await page.getByRole('tree').focus()
    await page.keyboard.press('Control+v')
    await page.getByText('Pasted, with CR LF').waitFor()
    await page.getByText('27 octets, one message').waitFor()
    await page.getByRole('button', { name: 'Take it as it is' }).click()
    await page.getByText('24 octets, one message').waitFor()
    await context.close()
  })

  test('is dropped', async () => {
    const { page, context } = await pages.page()
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'], 'one'))
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
      document.querySelector('h1-inspector').dispatchEvent(event)
    })
    await page.getByRole('button', { name: 'OPTIONS * HTTP/1.1' }).waitFor()
    await context.close()
  })

  test('has examples that show what they are named for', async () => {
    const { page, complaints, context } = await pages.page()
    const titles = await page.locator('optgroup[label=Smuggling] option').allTextContents()
    assert.ok(titles.length >= 7)
    const readers = await panel(page, 'Readers')
    for (const title of titles) {
      await example(page, title)
      await readers.getByText('Readers see these octets in').waitFor()
      assert.ok((await readers.locator('.message').count()) > 0, `${title}: nobody sees a message`)
    }
    await panel(page, 'Findings')
    const clean = [
      'A plain GET',
      'A POST form',
      'A form with a file',
      'JSON in a response',
      'An image response',
      'A request and its answer',
    ]
    for (const title of [...clean, 'Keep-alive: three requests', 'A switch to WebSocket']) {
      await example(page, title)
      const errors = page.getByRole('tabpanel').locator('.sign.error')
      assert.equal(await errors.count(), 0, `${title}: an error`)
    }
    assert.deepEqual(complaints, [])
    await context.close()
  })

  test('is read as what it is said to be', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, GET)
    await page.getByText('one message').waitFor()
    await page.getByRole('button', { name: 'response', exact: true }).click()
    await page.getByText('octets, no message').waitFor()
    await context.close()
  })
})

describe('the panels', { concurrency: 3 }, () => {
  test('findings lead to their octets', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, 'GET / HTTP/1.1\r\nHost : a\r\n\r\n')
    await page.getByRole('button', { name: /Whitespace after a header name/ }).click()
    assert.equal(await page.evaluate(() => document.querySelector('h1-inspector').chosen.octet), 20)
    await context.close()
  })

  test('readers show where each sees messages', async () => {
    const { page, context } = await pages.page()
    await example(page, 'CL.TE: length against chunks')
    const readers = await panel(page, 'Readers')
    await readers.getByRole('button', { name: 'length-wins: message 1, octets 0 to 116' }).waitFor()
    await readers.getByRole('button', { name: /chunked-wins.*: message 1, octets 0 to 91/ }).waitFor()
    await readers
      .getByRole('button', { name: /^strict.*refuses octet 56, H1_TRANSFER_ENCODING_WITH_LENGTH/ })
      .click()
    assert.equal(await page.evaluate(() => document.querySelector('h1-inspector').chosen.octet), 56)
    await context.close()
  })

  test('bodies are decoded by type, chunks joined', async () => {
    const { page, complaints, context } = await pages.page()
    const body = await panel(page, 'Body')
    await example(page, 'A POST form')
    await body.getByRole('row', { name: 'name Jörg' }).waitFor()
    await example(page, 'A form with a file')
    await body.getByRole('row', { name: 'title Octets' }).waitFor()
    await body.getByRole('row', { name: 'file a.txt text/plain, 8 octets' }).waitFor()
    await example(page, 'JSON in a response')
    await body.getByText('"exact": true').waitFor()
    await example(page, 'An image response')
    const image = body.getByAltText('The picture in the body')
    await image.waitFor()
    assert.equal(await image.evaluate((one) => one.decode().then(() => one.naturalWidth)), 24)
    await example(page, 'Chunked, with trailers')
    await body.getByText('19 octets, in 3 chunks').waitFor()
    assert.equal(await body.locator('pre').textContent(), 'Octets, one by one\n')
    await body.getByRole('button', { name: '129' }).click()
    assert.match(await page.locator('h1-tree [aria-selected=true]').textContent(), /chunk-data/)
    const gzip = gzipSync('unpacked')
    const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: ${gzip.length}\r\n\r\n`
    await openOctets(page, head + gzip.toString('latin1'))
    await body.getByText('unpacked').waitFor()
    assert.deepEqual(complaints, [])
    await context.close()
  })

  test('the slider goes octet by octet through state and events', async () => {
    const { page, context } = await pages.page()
    const message = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'
    await openOctets(page, message)
    const steps = await panel(page, 'Step through')
    const go = (octets) => steps.getByLabel('Octets read').fill(String(octets))
    await go(0)
    await steps.getByText('between messages').waitFor()
    await go(message.length - 3)
    await steps.getByText('in a head').waitFor()
    assert.equal(await steps.getByRole('listitem').count(), 1, 'the word that nothing is reported yet')
    await steps.getByRole('button', { name: 'One octet on' }).click()
    await steps.getByText('in a body').waitFor()
    assert.match(await steps.locator('li.now').textContent(), /head\s*POST \//)
    await steps.getByRole('button', { name: 'Next event' }).click()
    assert.match(await steps.locator('li.now').textContent(), /body\s*1 octet/)
    await go(message.length)
    assert.match(await steps.locator('li.now').last().textContent(), /end/)
    assert.equal(await page.locator('h1-text .run.chosen').textContent(), 'i')
    await context.close()
  })

  test('the slider reads responses whose requests are not there', async () => {
    const { page, context } = await pages.page()
    await example(page, 'JSON in a response')
    const steps = await panel(page, 'Step through')
    await steps.getByText('of the message').waitFor()
    await page.getByRole('button', { name: 'response', exact: true }).click()
    await steps.getByText('of the message').waitFor()
    await context.close()
  })

  test('strictness is switched, and the octets read anew', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, 'GET / HTTP/1.1\n\r\n')
    const errors = page.locator('.badge.error')
    await errors.waitFor()
    const strictness = await panel(page, 'Strictness')
    await strictness.getByLabel('optionalCRBeforeLF').check()
    await strictness.getByLabel('missingHost').check()
    await errors.waitFor({ state: 'detached' })
    const findings = await panel(page, 'Findings')
    assert.equal(await findings.getByText('H1_TOLERATED').count(), 2)
    await panel(page, 'Strictness')
    await strictness.getByRole('button', { name: 'All off' }).click()
    await errors.waitFor()
    await context.close()
  })
})

describe('output', () => {
  test('is copied raw, as a hex dump and as an expression of JavaScript', async () => {
    const { page, context } = await pages.page()
    const octets = 'GET /\'\\ HTTP/1.1\r\nHost: a\r\nX: "\r\n\r\n'
    await openOctets(page, octets)
    assert.equal(await copyAs(page, 'Raw text'), octets)
    assert.equal(Buffer.from(unwrap('hex', await copyAs(page, 'Hex'))).toString('latin1'), octets)
    const literal = new Function(`return ${await copyAs(page, 'JavaScript')}`)()
    assert.equal(Buffer.from(literal).toString('latin1'), octets)
    await openOctets(page, 'HTTP/1.1 200 OK\r\n\r\n\xff\xfe')
    await chooseCopy(page, 'Raw text')
    await page.getByText('these octets are no text').waitFor()
    await context.close()
  })

  test('is saved', async () => {
    const { page, context } = await pages.page()
    await openOctets(page, `${GET}\xff`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save' }).click(),
    ])
    assert.equal(readFileSync(await download.path(), 'latin1'), `${GET}\xff`)
    await context.close()
  })

  test('is a link that opens the same octets, with a word about secrets first', async () => {
    const { page, context } = await pages.page()
    await example(page, 'A secret in a request')
    const strictness = await panel(page, 'Strictness')
    await strictness.getByLabel('obsFold').check()
    const before = page.url()
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('2 fields here are secrets').waitFor()
    assert.equal(page.url(), before)
    await page.getByRole('button', { name: 'Copy all the same' }).click()
    await page.getByText(': copied.').waitFor()
    const address = await page.evaluate(() => navigator.clipboard.readText())
    assert.equal(address, page.url())
    const other = await pages.page({ fragment: new URL(address).hash })
    await other.page.getByRole('button', { name: 'GET /account HTTP/1.1' }).waitFor()
    assert.equal(
      await other.page.evaluate(() => document.querySelector('h1-inspector').how.lenient.join()),
      'obsFold',
    )
    const broken = await pages.page({ fragment: '#z=AAAA' })
    await broken.page.getByText('The link cannot be read').waitFor()
    for (const one of [context, other.context, broken.context]) await one.close()
  })
})

test('large input stays smooth: few rows exist, and a key is answered at once', async () => {
  const { page, context } = await pages.page()
  const message =
    'POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
  await openOctets(page, message.repeat(Math.ceil(10_000_000 / message.length)))
  const rows = await page.locator('h1-text [role=row]').allTextContents()
  assert.match(rows[6].replace(/\s/g, ''), /^82POST·\/a·HTTP/, 'a message begins a row')
  assert.ok(
    (await page.locator('h1-text [role=row], h1-hex [role=row], h1-tree [role=treeitem]').count()) < 200,
  )
  await page.getByRole('grid', { name: 'Octets in hexadecimal' }).focus()
  // From the press of a key to the next frame.
  const took = await page.evaluate(async () => {
    const times = []
    for (const key of ['PageDown', 'ArrowRight', 'PageDown', 'ArrowDown', 'PageDown']) {
      const start = performance.now()
      const box = document
        .querySelector('h1-inspector')
        .shadowRoot.querySelector('h1-hex')
        .shadowRoot.querySelector('.rows')
      box.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true }),
      )
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      times.push(performance.now() - start)
    }
    return times.sort((one, other) => one - other)[2]
  })
  console.log(`measured inspector page: a key in 10 MB is answered within ${took.toFixed(0)} ms (median)`)
  assert.ok(took < 100, `${took} ms`)
  await context.close()
})

test('all is accessible, wide and light, narrow and dark', async () => {
  for (const [width, scheme] of [
    [1440, 'light'],
    [390, 'dark'],
  ]) {
    const { page, context } = await pages.page({ width, scheme })
    await page.evaluate(AXE)
    for (const [title, panels] of [
      ['CL.TE: length against chunks', ['Findings', 'Readers', 'Step through', 'Strictness']],
      ['Chunked, with trailers', ['Body']],
      ['A switch to WebSocket', ['Findings']],
    ]) {
      await example(page, title)
      await page.locator('h1-text .run').nth(5).click()
      for (const name of panels) {
        await panel(page, name)
        // The whole page once for each example, then what has changed.
        const part = name === panels[0] ? undefined : { fromShadowDom: ['h1-inspector', '#panel'] }
        const { violations } = await page.evaluate(
          (one) => window.axe.run(one ?? document, { resultTypes: ['violations'], preload: false }),
          part,
        )
        const told = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n  ')}`,
        )
        assert.deepEqual(told, [], `${width} ${scheme} ${title} ${name}`)
      }
    }
    if (width === 390) {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= 390, `${wide} px wide`)
    }
    await page.getByRole('button', { name: 'Write' }).click()
    const dialog = { fromShadowDom: ['h1-inspector', 'h1-write', 'dialog'] }
    const { violations } = await page.evaluate(
      (one) => window.axe.run(one, { resultTypes: ['violations'], preload: false }),
      dialog,
    )
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
      'the dialog',
    )
    await context.close()
  }
})

test('narrow, one view at a time is in sight', async () => {
  const { page, context } = await pages.page({ width: 390, height: 844 })
  for (const [name, view] of [
    ['Hex', 'h1-hex'],
    ['Tree', 'h1-tree'],
    ['Text', 'h1-text'],
  ]) {
    await page.getByRole('button', { name, exact: true }).click()
    for (const one of ['h1-text', 'h1-hex', 'h1-tree']) {
      assert.equal(await page.locator(one).isVisible(), one === view, `${one} with ${name}`)
    }
  }
  await context.close()
})

test('the first octets are shown soon', async () => {
  const { page, context } = await pages.page()
  const took = await page.evaluate(() => performance.now())
  console.log(
    `measured inspector page: the first octets are shown within ${took.toFixed(0)} ms of its opening`,
  )
  assert.ok(took < 5000, `${took} ms`)
  await context.close()
})

test('the page weighs at most 142 KB, other formats 28 KB more, and lets nothing in from outside', async () => {
  const folder = join(INSPECTOR, 'dist')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const weigh = (chosen) =>
    chosen
      .map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name)), { level: 9 }).length)
      .reduce((sum, one) => sum + one, 0)
  // Fetched when something in another format comes in, or is asked for.
  const later = files.filter(({ name }) => /^convert-.*\.js$/.test(name))
  const first = weigh(files) - weigh(later)
  console.log(
    `measured inspector page: ${first} bytes gzipped, wasm included, and ${weigh(later)} for other formats`,
  )
  assert.equal(later.length, 1)
  assert.ok(first > 60_000 && first <= 142_000, `${first} bytes`)
  assert.ok(weigh(later) <= 28_500, `${weigh(later)} bytes`)
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(
    readFileSync(join(folder, 'index.html'), 'utf8'),
  )?.[1]
  assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; /)
  for (const { parentPath, name } of files) {
    const path = relative(folder, join(parentPath, name)).split(sep).join('/')
    const served = await fetch(`${pages.url}${path}`)
    assert.equal(served.headers.get('content-security-policy'), `${policy}; frame-ancestors 'none'`, path)
    assert.deepEqual(Buffer.from(await served.arrayBuffer()), readFileSync(join(parentPath, name)), path)
  }
  assert.equal((await fetch(`${pages.url}package.json`)).status, 404)
  assert.doesNotMatch(policy, /https?:|unsafe-inline|unsafe-eval'.*'unsafe-eval/)
})
