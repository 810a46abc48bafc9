import { hkdfSync } from 'node:crypto'

export interface Key {
  /** Says which secret it was made from, and nothing about it. */
  id: string
  bytes: Uint8Array
}

export interface KeyRing {
  /** The keys for a purpose, the current one first; those of earlier secrets only open what they made. */
  keysFor(purpose: string): readonly [Key, ...Key[]]
}

/** One key per purpose and secret: a leak of one tells nothing of another. `secrets` has the current one first. */
export function createKeyRing(secrets: readonly [string, ...string[]]): KeyRing {
  const derive = (secret: string, purpose: string, bytes: number) =>
    new Uint8Array(hkdfSync('sha256', secret, 'parley', purpose, bytes))
  return {
    keysFor(purpose) {
      const make = (secret: string): Key => ({
        id: Buffer.from(derive(secret, 'key id', 6)).toString('base64url'),
        bytes: derive(secret, purpose, 32),
      })
      const [current, ...earlier] = secrets
      return [make(current), ...earlier.map(make)]
    },
  }
}
