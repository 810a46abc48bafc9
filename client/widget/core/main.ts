import type { ParleyWidget, WidgetCall } from '../../sdk/index.ts'
import { createApi } from './api.ts'

declare global {
  interface Window {
    Parley?: unknown
  }
}

/**
 * Without waiting for this script a page may say
 *
 *   window.Parley ??= []
 *   Parley.push(['init', { language: 'en', context: { productId: '42' } }], ['open'])
 *
 * or, to call methods as if it were there, put `new Proxy({ q: [] }, …)` in its place, whose methods push to `q`. Both
 * are played back here. A page that runs the script twice keeps the first.
 */
const before = window.Parley as Partial<ParleyWidget> & { q?: WidgetCall[] } & WidgetCall[]

if (!before?.init || before.q) {
  const script = document.currentScript as HTMLScriptElement | null
  // A module is not told its own element, and an import has none.
  const address =
    script?.src ||
    performance.getEntriesByType('resource').findLast(({ name }) => /\/widget\.js($|\?)/.test(name))?.name
  const nonce = (script ?? document.querySelector<HTMLElement>('script[nonce]'))?.nonce
  const api = createApi({ address: address ?? location.origin, nonce: nonce ?? '' })
  window.Parley = api
  api.push(...(before?.q ?? (Array.isArray(before) ? before : [])))
}
