// Finds a Chromium: the one CHROME_PATH names, or the one that is installed.

import { join } from 'node:path'
import { executable, Trouble, which } from './run.mjs'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].map((name) =>
    join(process.env[name] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ),
}

/** What a Chromium without a window, a profile or a network beyond loopback is started with. */
export const BROWSER_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The path of a browser, or undefined; a CHROME_PATH that leads nowhere is a mistake to be told of. */
export function findBrowser() {
  const named = process.env.CHROME_PATH
  if (named) {
    if (executable(named)) return named
    throw new Trouble(`CHROME_PATH is ${named}, and no program is there`)
  }
  return COMMANDS.map(which).find(Boolean) ?? PLACES[process.platform]?.find(executable)
}
