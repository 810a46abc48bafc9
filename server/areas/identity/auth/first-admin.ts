import { normalizeEmail } from '#protocol/core/normalize'
import type { IdentityStorage, Person } from '#storage/identity/auth'
import { newId } from '../../../core/ids.ts'
import { hashPassword, newPassword, passwordMatches } from '../../../security/passwords.ts'

export const adminName = 'admin'

interface ConfiguredAdmin {
  email: string | null
  password: string | null
}

interface FirstAdmin {
  /** Made here, to be shown once. */
  password: string | null
  ignored: ('ADMIN_EMAIL' | 'ADMIN_PASSWORD')[]
}

/**
 * At first start: the administrator. Says the password to be shown once where it was made here, and what of the
 * configuration is ignored because an administrator was there before.
 */
export async function ensureAdmin(
  storage: Pick<IdentityStorage, 'firstAdmin' | 'createFirstAdmin'>,
  configured: ConfiguredAdmin,
): Promise<FirstAdmin> {
  const existing = await storage.firstAdmin()
  if (existing) return { password: null, ignored: await ignoredOf(existing, configured) }
  const chosen = configured.password ?? newPassword()
  const created = await storage.createFirstAdmin({
    id: newId(),
    username: adminName,
    email: configured.email === null ? null : (normalizeEmail(configured.email) ?? configured.email),
    name: 'Administrator',
    password_hash: await hashPassword(chosen),
  })
  return { password: created && configured.password === null ? chosen : null, ignored: [] }
}

/** What is configured for the first administrator makes that account, and changes none. */
async function ignoredOf(
  { email, password_hash }: Person,
  configured: ConfiguredAdmin,
): Promise<FirstAdmin['ignored']> {
  const isSame = (address: string) => normalizeEmail(address) === normalizeEmail(email ?? '')
  const ignored: FirstAdmin['ignored'] = []
  if (configured.email !== null && !isSame(configured.email)) ignored.push('ADMIN_EMAIL')
  if (configured.password !== null && !(await passwordMatches(password_hash, configured.password)))
    ignored.push('ADMIN_PASSWORD')
  return ignored
}
