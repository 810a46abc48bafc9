import type { Client } from './client.ts'
import type { Tokens } from './tokens.ts'
import type { ConnectionState, Session } from './types.ts'

/** Often enough that a wrong clock on this machine cannot make us miss the end of a token. */
const longestMs = 15 * 60_000

/** Renews the token of somebody signed in halfway through its life. */
export function keepRenewed(client: Client, tokens: Tokens): void {
  let timer: ReturnType<typeof setTimeout> | undefined

  async function renew() {
    const refresh_token = tokens.refresh()
    if (!refresh_token) return
    const renewed = await client.call('auth:renew', { refresh_token })
    tokens.take(renewed)
    schedule(renewed.expires_in * 1000)
  }

  function schedule(lifeMs: number) {
    clearTimeout(timer)
    timer = setTimeout(
      // What fails is made up for when the server closes the socket of a token that has run out.
      () => tokens.alone(renew).catch(() => {}),
      Math.min(longestMs, Math.max(0, lifeMs / 2)),
    )
  }

  client.subscribe(({ status, session }: ConnectionState) => {
    if (status === 'online' && session) schedule(lifeOf(session))
    else clearTimeout(timer)
  })
}

/** What is left of it, in milliseconds: by the server's clock, where it tells what that says. */
function lifeOf({ expires_at, now }: Pick<Session, 'expires_at'> & Partial<Session>): number {
  return Date.parse(expires_at) - (now ? Date.parse(now) : Date.now())
}
