// Opens the built page in Chromium, from `h1wire ui`; whatever the page complains of is kept.

import { chromium } from 'playwright-core'
import { BROWSER_ARGUMENTS, findBrowser } from '../../npm/scripts/lib/browser.mjs'
import { startUi } from '../../npm/scripts/lib/ui.mjs'

/** Starts server and browser; `page` opens the page, and `stop` ends all. */
export async function startPages(...words) {
  const server = await startUi({ words })
  const { origin } = new URL(server.url)
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGUMENTS })
  return {
    url: `${origin}/`,
    async stop() {
      await browser.close()
      await server.stop()
    },
    /** A page and what it complained of: errors, words on the console, requests beyond the server. */
    async page({ width = 1440, height = 900, scheme = 'light', fragment } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      const page = await context.newPage()
      const complaints = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.stack))
      page.on('request', (request) => {
        if (!request.url().startsWith(origin) && !request.url().startsWith(`blob:${origin}`)) {
          complaints.push(`asked for ${request.url()}`)
        }
      })
      await page.goto(fragment === undefined ? server.url : `${origin}/${fragment}`)
      await page.locator('h1-text .run').first().waitFor()
      return { page, complaints, context }
    },
  }
}

/** Has the page read these octets as if they were opened from a file; resolves when they are shown. */
export async function openOctets(page, octets, name = 'octets') {
  const buffer = Buffer.from(octets, 'latin1')
  await shown(page, () =>
    page.locator('input.file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer }),
  )
}

/** Takes an example from the gallery; resolves when it is shown. */
export async function example(page, title) {
  await shown(page, () => page.getByLabel('Examples').selectOption({ label: title }))
}

// Acts, and waits until other octets are shown than before.
async function shown(page, act) {
  await page.evaluate(() => {
    window.before = document.querySelector('h1-inspector').inspected
  })
  await act()
  await page.waitForFunction(() => document.querySelector('h1-inspector').inspected !== window.before)
}

/** Opens a panel and gives it. */
export async function panel(page, title) {
  await page.getByRole('tab', { name: title }).click()
  return page.getByRole('tabpanel')
}

/** Has the octets copied in this format. */
export async function chooseCopy(page, title) {
  await page.getByRole('button', { name: 'Copy as' }).click()
  await page.getByRole('menuitem', { name: new RegExp(`^${title.replace('.', '\\.')}\\b`) }).click()
}

/** The same; gives what is in the clipboard then. */
export async function copyAs(page, title) {
  await chooseCopy(page, title)
  await page.getByText(': copied.').waitFor()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Close' }).click()
  return text
}

/** The octets that are shown, one character each. */
export function shownOctets(page) {
  return page.evaluate(() => String.fromCharCode(...document.querySelector('h1-inspector').octets))
}
