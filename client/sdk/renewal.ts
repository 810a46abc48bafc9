import type { Client } from './client.ts'
import type { ClientOptions, ConnectionState } from './types.ts'

/** Often enough that a wrong clock on this machine cannot make us miss the end of a token. */
const longestMs = 15 * 60_000

/** Renews a signed-in session halfway through the life of its token. */
export function keepRenewed(client: Client, options: ClientOptions, setToken: (token: string) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined

  async function renew() {
    try {
      const tokens = await client.call('auth:renew', { refresh_token: options.refreshToken ?? '' })
      options.refreshToken = tokens.refresh_token
      setToken(tokens.access_token)
      options.onTokens?.(tokens)
      schedule(tokens.expires_in * 1000)
    } catch {
      // The server closes the socket when the token runs out, and says so with `session:ended`.
    }
  }

  function schedule(lifeMs: number) {
    clearTimeout(timer)
    timer = setTimeout(renew, Math.min(longestMs, Math.max(0, lifeMs / 2)))
  }

  client.subscribe(({ status, session }: ConnectionState) => {
    if (status === 'online' && session) schedule(Date.parse(session.expires_at) - Date.now())
    else clearTimeout(timer)
  })
}
