import { toParleyError } from '../sdk/error.ts'
import { backoff, type Client, createClient } from '../sdk/index.ts'
import type { ClientOptions } from '../sdk/types.ts'
import { basePath } from './base-path.ts'
import type { Session } from './session.ts'

/**
 * A socket signed in as the page is. Tokens are renewed over it, which keeps it open; one that ran out all the same is
 * renewed over HTTP.
 */
export function connectSigned<N extends 'visitor' | 'agent'>(
  session: Session,
  options: Pick<ClientOptions<N>, 'namespace' | 'storage' | 'language'>,
): Client<N> {
  const client = createClient<N>({
    ...options,
    url: location.origin + basePath,
    token: session.token() ?? undefined,
    personId: session.get().user?.id,
  })
  const { call } = client as unknown as Client
  session.renewBy((refresh_token, timeout) =>
    client.state.status === 'online' ? call('auth:renew', { refresh_token }, { timeout }) : null,
  )
  const leave = session.subscribe(() => {
    const token = session.token()
    if (token) client.setToken(token)
  })
  client.subscribe(({ status, code }) => {
    if (status !== 'ended') return
    if (code === 'TOKEN_EXPIRED') void comeBack()
    else if (code === 'UNAUTHORIZED') session.end(code)
    // Closed by ourselves: the tokens are no longer its matter.
    else if (code === 'ABORTED') leave()
  })

  async function comeBack() {
    for (let attempt = 0; session.token(); attempt++) {
      try {
        await session.renew()
        return client.connect()
      } catch (thrown) {
        // What cannot be retried has ended the session.
        if (!toParleyError(thrown).retryable) return
        await new Promise(resolve => setTimeout(resolve, backoff(attempt)))
      }
    }
  }

  client.connect()
  return client
}
