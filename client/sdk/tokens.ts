import type { OperationInput, OperationOutput, Reply } from '#protocol'
import { sessionRoutes } from '#protocol/core/routes'
import { ParleyError, toParleyError, unwrap } from './error.ts'
import { repeatRenewal } from './renewal.ts'
import { fillRoute } from './route.ts'
import type { Slots } from './storage.ts'
import type { ClientOptions } from './types.ts'

const logoutTimeoutMs = 4000

type Renewed = OperationOutput<'auth:renew'>

/** Who this is. A visitor's tabs are one person: what one of them learns holds for all. */
export interface Tokens {
  /** For the next handshake. */
  access(): string | null
  /** What renews it; somebody signed in has one. It is used up by that. */
  refresh(): string | null
  keep(access: string | null): void
  take(tokens: Renewed): void
  /** What another tab has put there holds. */
  reread(): void
  /** No other tab signs in, renews or gives up meanwhile; where the page is not a secure one, it might. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** The server does not know `sent` any more: whether something else is worth trying. */
  regain(sent: string | null): Promise<boolean>
  /** Tells the server of somebody who signed in that this has ended, and forgets them in any case. */
  forget(): Promise<void>
}

export function createTokens(options: ClientOptions, slots: Slots, name: string): Tokens {
  let own = options.token ?? slots.read<string>('token')
  const isShared = options.namespace === 'visitor' && !options.token

  const access = () => (isShared && slots.read<string>('token')) || own
  const refresh = () => options.refreshToken ?? (isShared ? slots.read<string>('refresh') : null)

  function keep(token: string | null) {
    own = token
    slots.write('token', token)
  }

  function keepRefresh(token: string | null) {
    if (isShared) slots.write('refresh', token)
    else options.refreshToken = token ?? undefined
  }

  function take(tokens: Renewed) {
    keepRefresh(tokens.refresh_token)
    keep(tokens.access_token)
    options.onTokens?.(tokens)
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = isShared ? globalThis.navigator?.locks : undefined
    return locks ? locks.request(name, work) : work()
  }

  /** Over HTTP, as no socket is open to somebody whose token has run out. */
  async function call<K extends keyof typeof sessionRoutes>(
    name: K,
    input: OperationInput<K>,
    timeoutMs: number,
    token?: string,
  ): Promise<OperationOutput<K>> {
    const { method, path, rest } = fillRoute(sessionRoutes[name], input)
    const headers = new Headers({ 'content-type': 'application/json' })
    if (token) headers.set('authorization', `Bearer ${token}`)
    try {
      const response = await fetch(options.url + path, {
        method,
        headers,
        body: JSON.stringify(rest),
        signal: AbortSignal.timeout(timeoutMs),
      })
      return unwrap((await response.json()) as Reply<OperationOutput<K>>)
    } catch (error) {
      if (error instanceof ParleyError) throw error
      throw new ParleyError('DISCONNECTED', String(error), { retryable: true })
    }
  }

  return {
    access,
    refresh,
    keep,
    take,
    reread() {
      own = slots.read<string>('token')
    },
    alone,
    regain: sent =>
      alone(async () => {
        if (access() !== sent) return true
        const refresh_token = refresh()
        if (!refresh_token) return false
        try {
          take(await repeatRenewal(timeoutMs => call('auth:renew', { refresh_token }, timeoutMs)))
          return true
        } catch (error) {
          const { retryable } = toParleyError(error)
          if (!retryable) keepRefresh(null)
          return retryable
        }
      }),
    async forget() {
      const token = refresh() && access()
      keepRefresh(null)
      keep(null)
      if (token) await call('auth:logout', {}, logoutTimeoutMs, token).catch(() => {})
    },
  }
}
