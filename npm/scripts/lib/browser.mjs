// Finds a Chromium and a Firefox: those that CHROME_PATH and FIREFOX_PATH name, or those that are installed.

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
const FIREFOX_PLACES = {
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: ['ProgramFiles', 'ProgramFiles(x86)'].map((name) =>
    join(process.env[name] ?? '', 'Mozilla Firefox', 'firefox.exe'),
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

/** The path of a Chromium, or undefined; a CHROME_PATH that leads nowhere is a mistake to be told of. */
export function findBrowser() {
  return find('CHROME_PATH', COMMANDS, PLACES)
}

/** The path of a Firefox, or undefined; FIREFOX_PATH as CHROME_PATH. */
export function findFirefox() {
  return find('FIREFOX_PATH', ['firefox-esr', 'firefox'], FIREFOX_PLACES)
}

function find(variable, commands, places) {
  const named = process.env[variable]
  if (named) {
    if (executable(named)) return named
    throw new Trouble(`${variable} is ${named}, and no program is there`)
  }
  return commands.map(which).find(Boolean) ?? places[process.platform]?.find(executable)
}
