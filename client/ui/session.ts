import type { OperationInput, OperationOutput } from '#protocol'
import type { RoutedName } from '#protocol/core/routes'
import { keyPrefixOf } from '../sdk/address.ts'
import { toParleyError } from '../sdk/error.ts'
import { repeatRenewal } from '../sdk/renewal.ts'
import { browserStorage, createSlots } from '../sdk/storage.ts'
import { createStore, type Store } from '../sdk/store.ts'
import { basePath } from './base-path.ts'
import { call, download, type Filter } from './http.ts'

type SignedIn = OperationOutput<'auth:login'>
export type User = SignedIn['user']

/** With when they were given, by this device's clock. */
type Kept = SignedIn & { at: number }

interface SessionState {
  user: User | null
  /** Why the last session ended, where it did not end by signing out. */
  endedBy: string | null
}

/** Another way to renew than HTTP: one that keeps an open socket open. Null where it is not open. */
export type Renewal = (
  refresh_token: string,
  timeoutMs: number,
) => Promise<OperationOutput<'auth:renew'>> | null

type SessionCall = <K extends RoutedName>(
  name: K,
  input: Filter<OperationInput<K>>,
  signal?: AbortSignal,
) => Promise<OperationOutput<K>>

export interface Session extends Store<SessionState> {
  /** `otp` where the account asks for a second factor. */
  signIn(username: string, password: string, otp?: string): Promise<void>
  /** Signed in by another operation. */
  take(signedIn: SignedIn): void
  signOut(): Promise<void>
  /** Ends every other session of the account; this one goes on with new tokens. */
  changePassword(current: string, next: string): Promise<void>
  /** The account was changed here. */
  setUser(changes: Partial<User>): void
  token(): string | null
  renew(): Promise<void>
  renewBy(way: Renewal | null): void
  /** The server has ended it. */
  end(code: string): void
  /** An operation over HTTP as this user; an access token that ran out is renewed once on the way. */
  call: SessionCall
  /** The same for a file. */
  file<K extends RoutedName>(name: K, input: Filter<OperationInput<K>>): Promise<Blob>
}

const slot = 'session'
const prefix = `parley:${location.host}${basePath}:console:`
/** Of what the page of conversations keeps of whoever is signed in. */
export const chatPrefix = `parley:${location.host}${basePath}:chat:`
/** A timer cannot wait for more than 24 days, and a wrong figure should not matter. */
const longestMs = 15 * 60_000
const againMs = 30_000
const signedOut = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED'])

/** One for all tabs of this browser: signing in or out in one holds for the others. */
export function createSession(): Session {
  const slots = createSlots(prefix)
  let tokens = slots.read<Kept>(slot)
  let way: Renewal | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const store = createStore<SessionState>({ user: tokens?.user ?? null, endedBy: null })
  if (tokens) schedule(halfLifeOf(tokens))
  addEventListener('storage', ({ key }) => {
    if (key === null || key === prefix + slot) adopt(slots.read<Kept>(slot))
  })

  function keep(next: SignedIn | null, endedBy: string | null = null) {
    const kept = next && { ...next, at: Date.now() }
    slots.write(slot, kept)
    clearTimeout(timer)
    if (kept) schedule(halfLifeOf(kept))
    adopt(kept, endedBy)
  }

  /** Each tab renews in its own time, for its own socket: what another was given changes only what is renewed next. */
  function adopt(next: Kept | null, endedBy: string | null = null) {
    const before = tokens
    tokens = next
    if (!next) clearTimeout(timer)
    else if (!before) schedule(halfLifeOf(next))
    store.set({ user: next?.user ?? null, endedBy })
  }

  function schedule(ms: number) {
    clearTimeout(timer)
    timer = setTimeout(() => renew().catch(() => {}), ms)
  }

  async function renewOnce() {
    const shared = slots.read<Kept>(slot)
    if (tokens && shared && shared.at > tokens.at) tokens = shared
    if (!tokens) return
    const { refresh_token } = tokens
    try {
      const fresh = await repeatRenewal(
        timeoutMs =>
          way?.(refresh_token, timeoutMs) ??
          call('auth:renew', { refresh_token }, { signal: AbortSignal.timeout(timeoutMs) }),
      )
      if (tokens) keep({ ...tokens, ...fresh })
    } catch (thrown) {
      const { code, retryable } = toParleyError(thrown)
      if (retryable) schedule(againMs)
      else keep(null, code)
      throw thrown
    }
  }

  const renew = sharing(() => alone(renewOnce))

  async function signed<T>(ask: (token: string | undefined) => Promise<T>): Promise<T> {
    try {
      return await ask(tokens?.access_token)
    } catch (thrown) {
      if (!tokens || !signedOut.has(toParleyError(thrown).code)) throw thrown
      await renew()
      return ask(tokens.access_token)
    }
  }

  const callSigned: SessionCall = (name, input, signal) =>
    signed(token => call(name, input, { token, signal }))

  return {
    ...store,
    call: callSigned,
    file: (name, input) => signed(token => download(name, input, { token })),
    renew,
    token: () => tokens?.access_token ?? null,
    renewBy(next) {
      way = next
    },
    end: code => keep(null, code),
    async signIn(username, password, otp) {
      keep(await call('auth:login', { username, password, otp }))
    },
    take: keep,
    async changePassword(current_password, password) {
      keep(await callSigned('auth:change_password', { current_password, password }))
    },
    setUser(changes) {
      if (!tokens) return
      const next = { ...tokens, user: { ...tokens.user, ...changes } }
      slots.write(slot, next)
      adopt(next)
    },
    async signOut() {
      await callSigned('auth:logout', {}).catch(() => {})
      keep(null)
      // After the pages that note where they were have gone.
      setTimeout(eraseKept)
    },
  }
}

function halfLifeOf({ expires_in, at }: Kept): number {
  const lived = Math.max(0, Date.now() - at)
  return Math.max(0, Math.min(longestMs, (expires_in * 1000 - lived) / 2))
}

/** Calls at the same time share one run of the work. */
function sharing<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= work().finally(() => {
      running = null
    })
    return running
  }
}

/** No other tab renews meanwhile; where the page is not a secure one it may, and is given the same. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(prefix + slot, work) : work()
}

/** What the pages keep of whoever signs out: drafts, what is unsent, what was open. */
function eraseKept() {
  const own = [keyPrefixOf(location.origin + basePath, 'agent'), chatPrefix]
  const isOwn = (key: string) => own.some(prefix => key.startsWith(prefix))
  const shared = browserStorage()
  for (const key of shared.keys?.() ?? []) if (isOwn(key)) shared.removeItem(key)
  for (const key of Object.keys(sessionStorage)) if (isOwn(key)) sessionStorage.removeItem(key)
}
