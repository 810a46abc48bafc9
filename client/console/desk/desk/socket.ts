import type { Client } from '../../../sdk/index.ts'
import { connectSigned } from '../../../ui/connect.ts'
import type { Session } from '../../../ui/session.ts'

/** The agent's socket. What it keeps (drafts, unsent messages) is for all tabs, as the session is. */
export function connectAgent(session: Session): Client<'agent'> {
  return connectSigned(session, { namespace: 'agent' })
}
