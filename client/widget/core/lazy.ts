import { backoff, type Client } from '../../sdk/index.ts'
import type { Store } from '../../sdk/store.ts'
import type { parts } from '../lazy/parts.ts'
import type { WidgetState } from './model.ts'
import { complain, type Emit } from './reporter.ts'
import { shared } from './shared.ts'

/** What is not needed for a first answer: a file of its own, fetched when the panel opens. */
export type LazyParts = typeof parts

/** How the second file finds its way: see `lazy/main.ts`. */
export interface LazyScript extends HTMLScriptElement {
  shared: typeof shared
  arrived(parts: unknown): void
}

/** @param url of the server, without a slash at its end. @param file the second one, or one that comes later. @throws Error that says what the page or the server is to be changed in */
export type LoadLazy = <T = LazyParts>(url: string, file?: string) => Promise<T>

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy
}
interface Policy {
  createScriptURL(address: string): string
}

/** Fetches each once; after a failure it can be asked for again. */
export function createLazyLoader(nonce: string): LoadLazy {
  const coming: Record<string, Promise<unknown>> = {}
  let policy: Policy | undefined

  /** Pages that take scripts from named policies only have to name ours. */
  function trusted(address: string): string {
    const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
    policy ??= trustedTypes?.createPolicy('parley', { createScriptURL: String })
    return policy?.createScriptURL(address) ?? address
  }

  function load(url: string, file: string): Promise<unknown> {
    const address = `${url}/${file}`
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${address} ${why}`))
      const script = document.createElement('script')
      const onerror = () =>
        fail(`did not load. A Content-Security-Policy has to name it: script-src ${new URL(url).origin}`)
      // It has run by then, or is of another version.
      const onload = () => fail('is of another version: the page has to be reloaded')
      try {
        Object.assign(script, { nonce, shared, arrived: resolve, onerror, onload, src: trusted(address) })
      } catch {
        return fail('is not trusted. A Content-Security-Policy has to name it: trusted-types parley')
      }
      document.head.append(script)
    })
  }

  return <T>(url: string, file = lazyFile) => {
    coming[file] ??= load(url, file).catch(error => {
      delete coming[file]
      throw error
    })
    return coming[file] as Promise<T>
  }
}

/** So often it is asked for, until the chat is opened again. */
const attemptsMax = 6

/** What the state says of it: once it is there, files can be picked. */
export function lazyState(client: Client<'visitor'>, lazy: LazyParts | null) {
  return { lazy, files: lazy?.filesOf(client) ?? null }
}

/** Asks for it until it is there. Nothing waits for it: what is there works without. */
export function createLazyFetch(
  load: LoadLazy,
  client: Client<'visitor'>,
  { get, set }: Store<WidgetState>,
  emit: Emit,
) {
  let isFetching = false

  return async function fetchLazy(attempt = 0) {
    if (isFetching && attempt === 0) return
    isFetching = attempt < attemptsMax
    if (!isFetching) return
    try {
      set({ ...lazyState(client, await load(client.access.url)), isLazyMissing: false })
    } catch (error) {
      // Once may be the network; where the server is not reached at all, that is said instead.
      if (attempt > 0 && client.state.session && !get().isLazyMissing) {
        set({ isLazyMissing: true })
        complain(emit, 'LAZY_PART_MISSING', `no people, no files: ${(error as Error).message}`)
      }
      setTimeout(fetchLazy, backoff(attempt), attempt + 1)
    }
  }
}
