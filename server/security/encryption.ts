import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { KeyRing } from './keys.ts'

/** Where a secret stands, e.g. `outbox.body:<id>`: it opens nowhere else. */
export type Place = `${string}.${string}:${string}`

export interface Sealer {
  seal(secret: string, place: Place): string
  /** @throws Error when it was sealed by no key of ours, for another place, or changed since */
  open(sealed: string, place: Place): string
  /** Whether it has the key of this id. */
  hasKey(id: string): boolean
  /** Whether it was sealed by the current key. */
  isCurrent(sealed: string): boolean
}

const ivBytes = 12
const tagBytes = 16

/** Law S4: AES-256-GCM under a key of the ring, bound to its row. A sealed text is `<key id>.<iv, ciphertext and tag>`. */
export function createSealer(keyRing: KeyRing): Sealer {
  const keys = keyRing.keysFor('sealed at rest')
  const [current] = keys
  return {
    seal(secret, place) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', current.bytes, iv).setAAD(Buffer.from(place))
      const text = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${current.id}.${text.toString('base64url')}`
    },

    open(sealed, place) {
      const [id, text = ''] = sealed.split('.')
      const key = keys.find(entry => entry.id === id)
      if (!key) throw new Error('Sealed by a key that is not configured.')
      const bytes = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-tagBytes))
      return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
    },

    hasKey: id => keys.some(key => key.id === id),
    isCurrent: sealed => sealed.startsWith(`${current.id}.`),
  }
}
