import { createApi, type Queued } from './api.ts'

declare global {
  interface Window {
    Parley?: unknown
  }
}

/**
 * `window.Parley` before this script may be a queue of calls, `[['init', {…}], ['open']]`, as the asynchronous
 * snippet makes it. A page that runs the script twice keeps the first.
 */
const before = window.Parley as Partial<ReturnType<typeof createApi>> & { q?: Queued[] } & Queued[]

if (!before?.init || before.q) {
  const script = document.currentScript as HTMLScriptElement | null
  const api = createApi(new URL(script?.src || location.href).origin)
  window.Parley = api
  for (const call of before?.q ?? (Array.isArray(before) ? before : [])) api.push(call)
}
