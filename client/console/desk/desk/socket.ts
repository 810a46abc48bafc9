import { toParleyError } from '../../../sdk/error.ts'
import { backoff, type Client, createClient } from '../../../sdk/index.ts'
import { basePath } from '../../../ui/base-path.ts'
import type { Session } from '../../session.ts'

/**
 * The agent's socket, signed in as the console is. Tokens are renewed over it, which keeps it open; one that ran out all
 * the same is renewed over HTTP. What it keeps (drafts, unsent messages) is for all tabs, as the session is.
 */
export function connectAgent(session: Session): Client<'agent'> {
  const client = createClient({
    url: location.origin + basePath,
    namespace: 'agent',
    token: session.token() ?? undefined,
    personId: session.get().user?.id,
  })
  session.renewBy((refresh_token, timeout) =>
    client.state.status === 'online' ? client.call('auth:renew', { refresh_token }, { timeout }) : null,
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
