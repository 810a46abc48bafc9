import { backoff, pause } from './backoff.ts'
import type { Client } from './client.ts'
import { toParleyError } from './error.ts'
import type { Tokens } from './tokens.ts'
import type { ConnectionState } from './types.ts'

/** Often enough that a wrong clock on this machine cannot make us miss the end of a token. */
const longestMs = 15 * 60_000

/** The server gives the same answer for 10 s: it is waited for so long, */
const answerMs = 3000
/** and one that may be lost is asked for again, until then. */
const repeatedMs = 6000

/** A renewal whose answer may be lost on its way. */
export async function repeatRenewal<T>(ask: (timeoutMs: number) => Promise<T>): Promise<T> {
  const begun = performance.now()
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(answerMs)
    } catch (thrown) {
      if (!toParleyError(thrown).retryable || performance.now() - begun > repeatedMs) throw thrown
      await pause(backoff(attempt, 1000))
    }
  }
}

/** Renews the token of somebody signed in halfway through its life. */
export function keepRenewed(client: Client, tokens: Tokens): void {
  let timer: ReturnType<typeof setTimeout> | undefined

  async function renew() {
    const refresh_token = tokens.refresh()
    if (!refresh_token) return
    const renewed = await repeatRenewal(timeout => client.call('auth:renew', { refresh_token }, { timeout }))
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
    if (status === 'online' && session) schedule(Date.parse(session.expires_at) - client.now())
    else clearTimeout(timer)
  })
}
