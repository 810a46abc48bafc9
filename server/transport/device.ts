import Bowser from 'bowser'
import type { Device } from '#protocol/desk/desk'

const kinds: Readonly<Record<string, Device['kind']>> = {
  mobile: 'phone',
  tablet: 'tablet',
  desktop: 'computer',
}
/** Longer ones are nobody's browser. */
const longest = 400

/** What a browser says of itself (the User-Agent header), as far as an agent needs to know; null where it says nothing. */
export function deviceOf(userAgent: string | undefined): Device | null {
  if (!userAgent || userAgent.length > longest) return null
  const { browser, os, platform } = Bowser.parse(userAgent)
  if (!browser.name && !os.name) return null
  return {
    browser: browser.name || null,
    system: os.name || null,
    kind: kinds[platform.type ?? ''] ?? null,
  }
}
