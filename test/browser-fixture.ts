import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { hasService } from './services.ts'

/** The one without windows takes half of the work for a page. */
const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome']
const path = process.env.CHROMIUM ?? places.find(existsSync) ?? ''

export const hasBrowser = hasService(
  'Chromium',
  existsSync(path),
  'install Debian’s chromium, or set CHROMIUM to its path',
)

/** Nothing of the browser's own goes out: the page under test is all that is loaded. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: flags })
}
