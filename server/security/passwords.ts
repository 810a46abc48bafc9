import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { normalizePassword } from '#protocol/core/normalize'

/** OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of 32 random bytes nobody kept: checked where there is no password, so that the time tells nothing. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$JPcxKT2RNTzZhbYsGtdy9Q$nU86DVez+MIMlThNK8BZMoYyIfqukIxdgU3+9YnloIY'

/** Off the event loop, as is the check. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalizePassword(password), argon2)
}

/** `outdated`: right, but hashed in a form that is no longer made; hash it anew while it is known. */
export type PasswordCheck = 'right' | 'outdated' | 'wrong'

/** As slow without a hash as with one. */
export async function checkPassword(passwordHash: string | null, password: string): Promise<PasswordCheck> {
  for (const form of formsOf(password)) {
    const matches = await verify(passwordHash ?? nobodysHash, form)
    if (matches && passwordHash !== null) return form === normalizePassword(password) ? 'right' : 'outdated'
  }
  return 'wrong'
}

export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  return (await checkPassword(passwordHash, password)) !== 'wrong'
}

/** Hashes of before hold what a keyboard then sent: composed (Linux, Windows) or in parts (macOS). */
function formsOf(password: string): Set<string> {
  const forms = [normalizePassword(password), password, password.normalize('NFC'), password.normalize('NFD')]
  return new Set(forms)
}

/** For an account that was given none. */
export function newPassword(): string {
  return randomBytes(12).toString('base64url')
}
