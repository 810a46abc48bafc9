import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane. */
const argon2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of 32 random bytes nobody kept: checked where there is no password, so that the time tells nothing. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$JPcxKT2RNTzZhbYsGtdy9Q$nU86DVez+MIMlThNK8BZMoYyIfqukIxdgU3+9YnloIY'

/** Off the event loop, as is the check. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2)
}

/** As slow without a hash as with one. */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? nobodysHash, password)
  return matches && passwordHash !== null
}

/** For an account that was given none. */
export function newPassword(): string {
  return randomBytes(12).toString('base64url')
}
