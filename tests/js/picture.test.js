// Chromium loads the page of the picture server and shows the picture.

'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { chromium } = require('playwright-core')
const { startPictureServer } = require('./examples/run.js')
const { missing } = require('./peers/missing.js')

test('Chromium shows the picture', async (t) => {
  const { BROWSER_ARGUMENTS, findBrowser } = await import('../../npm/scripts/lib/browser.mjs')
  const executablePath = findBrowser()
  if (!executablePath) return missing(t, 'Chromium')

  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS })
  try {
    for (const name of ['04-picture-server.js', 'net/04-picture-server.js']) {
      await t.test(name, () => showPicture(browser, name))
    }
  } finally {
    await browser.close()
  }
})

async function showPicture(browser, name) {
  const server = await startPictureServer(name)
  try {
    const page = await browser.newPage()
    const faults = []
    page.on('requestfailed', (request) => faults.push(`${request.url()}: ${request.failure().errorText}`))
    const [picture] = await Promise.all([
      page.waitForResponse(`${server.url}picture.png`),
      page.goto(server.url, { waitUntil: 'load' }),
    ])
    assert.equal(picture.status(), 200)
    assert.equal(await picture.headerValue('content-type'), 'image/png')

    const shown = await page.evaluate(() => {
      const image = document.querySelector('img')
      const canvas = document.createElement('canvas')
      canvas.width = image.naturalWidth
      canvas.height = image.naturalHeight
      const context = canvas.getContext('2d')
      context.drawImage(image, 0, 0)
      const pixel = (x, y) => [...context.getImageData(x, y, 1, 1).data]
      return {
        complete: image.complete,
        size: [image.naturalWidth, image.naturalHeight],
        sun: pixel(172, 52),
        hill: pixel(120, 159),
      }
    })
    assert.deepEqual(shown, {
      complete: true,
      size: [240, 160],
      sun: [255, 206, 84, 255],
      hill: [46, 96, 98, 255],
    })
    assert.deepEqual(faults, [])
  } finally {
    await server.stop()
  }
}
