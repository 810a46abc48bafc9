import type { User } from '#protocol/identity/auth'
import type { AuditEntry } from '#storage/identity/audit'
import type { IdentityStorage, Person } from '#storage/identity/auth'
import type { Session } from '../../../core/call.ts'

export interface IdentityDeps {
  storage: IdentityStorage
  issue(claims: {
    personId: string
    role: Person['role']
    sessionId: string
    name: string | null
    version: number
    seconds?: number
  }): Promise<Session>
  accessTokenSeconds: number
  /** Tokens were taken back: open connections hear of it now rather than at the next look. */
  refreshRevocations(): Promise<void>
  recordAudit(entry: AuditEntry): Promise<void>
}

export function toUser({ id, role, username, email, name }: Person): User {
  return { id, role: role as User['role'], username, email, name }
}
