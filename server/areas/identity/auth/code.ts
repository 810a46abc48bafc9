import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { OperationError } from '#protocol'
import type { Asker, Limited } from '#storage/identity/code-attempts'
import type { CodePurpose } from '#storage/identity/codes'
import type { Call } from '../../../core/call.ts'
import { networkOf } from '../../../net/address.ts'
import type { KeyRing } from '../../../security/keys.ts'

/** Of 32 letters and digits that nobody confuses: 100 bits. Long enough to be guessed by nobody; it is pasted. */
const longCodeLength = 20
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

export type CodeHashes = ReturnType<typeof codeHashes>

/** What is stored of a code and of an address in their place, by the installation's key. */
export function codeHashes(keyRing: KeyRing) {
  const keys = keyRing.keysFor('codes by mail')
  const digest = (key: Uint8Array, parts: (string | null)[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest()
  const nothing = Buffer.alloc(32)
  const emailHash = (email: string) => digest(keys[0].bytes, ['address', email])
  return {
    email: emailHash,
    asker: (email: string, { caller, address }: Call): Asker => ({
      email_hash: emailHash(email),
      asker_id: caller.id,
      network: networkOf(address),
    }),
    code: (purpose: CodePurpose, email: string, asker: string | null, code: string) =>
      digest(keys[0].bytes, [purpose, email, asker, code]),
    /** As slow for no code as for a wrong one. */
    same(
      hash: Buffer | null,
      purpose: CodePurpose,
      email: string,
      asker: string | null,
      code: string,
    ): boolean {
      const equal = keys.map(key =>
        timingSafeEqual(hash ?? nothing, digest(key.bytes, [purpose, email, asker, code])),
      )
      return hash !== null && equal.includes(true)
    },
  }
}

export function longCode(): string {
  return Array.from({ length: longCodeLength }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Easier on the eye; the hyphens do not count. */
export function grouped(code: string): string {
  return code.match(/.{5}/g)!.join('-')
}

export function wrongCode(): OperationError {
  return new OperationError('INVALID_CODE', 'This code is wrong, already used, or expired.')
}

export function tooMany({ retry_after_ms }: Limited): OperationError {
  return new OperationError('RATE_LIMITED', 'Too many codes; try again later.', { retry_after_ms })
}
