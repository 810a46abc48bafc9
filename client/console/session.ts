import type { OperationOutput } from '#protocol'
import { toParleyError } from '../sdk/error.ts'
import { createStore, type Store } from '../sdk/store.ts'
import { download, type HttpOptions, request } from '../ui/http.ts'

type SignedIn = OperationOutput<'auth:login'>
export type User = SignedIn['user']

interface SessionState {
  user: User | null
  /** Why the last session ended, where it did not end by signing out. */
  endedBy: string | null
}

/** Another way to renew than HTTP: one that keeps an open socket open. Null where it is not open. */
export type Renewal = (refresh_token: string) => Promise<OperationOutput<'auth:renew'>> | null

export interface Session extends Store<SessionState> {
  /** `otp` where the account asks for a second factor. */
  signIn(username: string, password: string, otp?: string): Promise<void>
  signOut(): Promise<void>
  token(): string | null
  renew(): Promise<void>
  renewBy(way: Renewal | null): void
  /** The server has ended it. */
  end(code: string): void
  /** A call below /api/v1 as this user; an access token that ran out is renewed once on the way. */
  call<T>(path: string, options?: HttpOptions): Promise<T>
  /** The same for a file. */
  file(path: string): Promise<Blob>
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
      const body = { refresh_token: tokens.refresh_token }
      const fresh = await (way?.(body.refresh_token) ??
        request<OperationOutput<'auth:renew'>>('/auth/refresh', { body }))
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

  const call = <T>(path: string, options: HttpOptions = {}) =>
    signed(token => request<T>(path, { ...options, token }))

  return {
    ...store,
    call,
    file: path => signed(token => download(path, token)),
    renew,
    token: () => tokens?.access_token ?? null,
    renewBy(next) {
      way = next
    },
    end: code => keep(null, code),
    async signIn(username, password, otp) {
      keep(await request<SignedIn>('/auth/login', { body: { username, password, otp } }))
    },
    async signOut() {
      await call('/auth/logout', { method: 'POST', body: {} }).catch(() => {})
      keep(null)
    },
  }
}
