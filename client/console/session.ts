import type { OperationInput, OperationOutput } from '#protocol'
import type { RoutedName } from '#protocol/core/routes'
import { toParleyError } from '../sdk/error.ts'
import { createStore, type Store } from '../sdk/store.ts'
import { call, download, type Filter } from '../ui/http.ts'

type SignedIn = OperationOutput<'auth:login'>
export type User = SignedIn['user']

interface SessionState {
  user: User | null
  /** Why the last session ended, where it did not end by signing out. */
  endedBy: string | null
}

/** Another way to renew than HTTP: one that keeps an open socket open. Null where it is not open. */
export type Renewal = (refresh_token: string) => Promise<OperationOutput<'auth:renew'>> | null

type SessionCall = <K extends RoutedName>(
  name: K,
  input: Filter<OperationInput<K>>,
  signal?: AbortSignal,
) => Promise<OperationOutput<K>>

export interface Session extends Store<SessionState> {
  /** `otp` where the account asks for a second factor. */
  signIn(username: string, password: string, otp?: string): Promise<void>
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

const place = 'parley:console'
/** A timer cannot wait for more than 24 days, and a wrong figure should not matter. */
const longestMs = 15 * 60_000
const signedOut = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED'])

/** Kept for this tab only: closing it signs out. */
export function createSession(): Session {
  let tokens = restore()
  let renewing: Promise<void> | null = null
  let way: Renewal | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const store = createStore<SessionState>({ user: tokens?.user ?? null, endedBy: null })
  if (tokens) schedule(tokens)

  function restore(): SignedIn | null {
    try {
      return JSON.parse(sessionStorage.getItem(place) ?? 'null')
    } catch {
      return null
    }
  }

  function keep(next: SignedIn | null, endedBy: string | null = null) {
    clearTimeout(timer)
    tokens = next
    if (next) sessionStorage.setItem(place, JSON.stringify(next))
    else sessionStorage.removeItem(place)
    if (next) schedule(next)
    store.set({ user: next?.user ?? null, endedBy })
  }

  function schedule({ expires_in }: SignedIn) {
    timer = setTimeout(() => renew().catch(() => {}), Math.min(longestMs, expires_in * 500))
  }

  /** A refresh token works once: calls that need it at the same time share one renewal. */
  function renew(): Promise<void> {
    renewing ??= renewOnce().finally(() => {
      renewing = null
    })
    return renewing
  }

  async function renewOnce() {
    if (!tokens) return
    try {
      const { refresh_token } = tokens
      const fresh = await (way?.(refresh_token) ?? call('auth:renew', { refresh_token }))
      if (tokens) keep({ ...tokens, ...fresh })
    } catch (thrown) {
      const { code, retryable } = toParleyError(thrown)
      if (!retryable) keep(null, code)
      throw thrown
    }
  }

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
    async changePassword(current_password, password) {
      keep(await callSigned('auth:change_password', { current_password, password }))
    },
    setUser(changes) {
      if (tokens) keep({ ...tokens, user: { ...tokens.user, ...changes } })
    },
    async signOut() {
      await callSigned('auth:logout', {}).catch(() => {})
      keep(null)
    },
  }
}
