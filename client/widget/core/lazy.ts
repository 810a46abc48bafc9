import type * as parts from '../lazy/parts.ts'
import * as shared from './shared.ts'

/** What is not needed for a first answer: a file of its own, fetched when the panel opens. */
export type More = typeof parts

/** How the second file finds its way: see `lazy/main.ts`. */
export interface MoreScript extends HTMLScriptElement {
  shared: typeof shared
  arrived(more: More): void
}

/** Where the widget's own script came from, and what its page's Content-Security-Policy knows it by. */
export interface Origin {
  address: string
  nonce: string
}

export type LoadMore = () => Promise<More>

/** Fetches it once; after a failure it can be asked for again. */
export function createMoreLoader({ address, nonce }: Origin): LoadMore {
  let coming: Promise<More> | null = null

  function load(): Promise<More> {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script')
      const src = new URL(moreFile, address).href
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
