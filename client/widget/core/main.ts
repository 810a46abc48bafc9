import { createApi, type Queued } from './api.ts'

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
const before = window.Parley as Partial<ReturnType<typeof createApi>> & { q?: Queued[] } & Queued[]

if (!before?.init || before.q) {
  const script = document.currentScript as HTMLScriptElement | null
  const api = createApi({ address: script?.src || location.origin, nonce: script?.nonce ?? '' })
  window.Parley = api
  api.push(...(before?.q ?? (Array.isArray(before) ? before : [])))
}
