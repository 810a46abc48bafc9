import type * as parts from '../lazy/parts.ts'
import * as shared from './shared.ts'

/** What is not needed for a first answer: a file of its own, fetched when the panel opens. */
export type LazyParts = typeof parts

/** How the second file finds its way: see `lazy/main.ts`. */
export interface LazyScript extends HTMLScriptElement {
  shared: typeof shared
  arrived(lazy: LazyParts): void
}

/** Where the widget's own script came from, and what its page's Content-Security-Policy knows it by. */
export interface Origin {
  address: string
  nonce: string
}

export type LoadLazy = () => Promise<LazyParts>

/** Fetches it once; after a failure it can be asked for again. */
export function createLazyLoader({ address, nonce }: Origin): LoadLazy {
  let coming: Promise<LazyParts> | null = null

  function load(): Promise<LazyParts> {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script')
      const src = new URL(lazyFile, address).href
      document.head.append(Object.assign(script, { src, nonce, shared, arrived: resolve, onerror: reject }))
    })
  }

  return () => {
    coming ??= load().catch(error => {
      coming = null
      throw error
    })
    return coming
  }
}
