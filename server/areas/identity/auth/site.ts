import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type EventPayload, OperationError } from '#protocol'
import { plainName } from '#protocol/core/name'
import { normalizeEmail } from '#protocol/core/normalize'
import type { SiteIdentity, siteOperations } from '#protocol/identity/auth'
import type { SecretStorage } from '#storage/identity/secrets'
import { actorOf, type Handlers, type Session } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import type { Sealer } from '../../../security/encryption.ts'
import type { IdentityDeps } from './deps.ts'
import { claimsOf } from './sessions.ts'

export interface SiteDeps {
  storage: SecretStorage
  sealer: Sealer
  /** Longest life of a token that a site's word gives, in seconds. */
  longestSeconds: number
}

const secretName = 'site_identity'
const place = `secrets.sealed:${secretName}` as const
/** After a change both hold for a day: the site's servers are told one by one. */
const previousMs = 24 * 3_600_000

/** What the site should mend; it carries nothing of the person. */
export type Warning = NonNullable<EventPayload<'session:ready'>['warnings']>[number]

const notAnAddress: Warning = {
  code: 'IDENTITY_EMAIL',
  message: 'The e-mail address in `user` is not an address: the customer is known by id, without it.',
}
const nameMaxLength = 120

interface SiteSecret {
  secret: string
  previous: { secret: string; until: string } | null
}

/** People a site vouches for: an HMAC of its server over who they are (SECURITY.md shows how it is made). */
export function siteOf({
  storage,
  issue,
  recordAudit,
  refreshRevocations,
  site,
}: IdentityDeps & { site: SiteDeps }) {
  async function current(): Promise<SiteSecret> {
    const sealed =
      (await site.storage.find(secretName)) ??
      (await site.storage.insertIfAbsent(secretName, site.sealer.seal(JSON.stringify(fresh(null)), place)))
    return JSON.parse(site.sealer.open(sealed, place))
  }

  const handlers: Handlers<typeof siteOperations> = {
    async 'identity:secret'(_input, call) {
      const { secret, previous } = await current()
      await recordAudit({
        actor: actorOf(call),
        scope: 'settings',
        action: 'identity:secret',
        subject: secretName,
      })
      return { secret, previous_until: previous?.until ?? null }
    },

    async 'identity:rotate_secret'(_input, call) {
      const { secret, previous } = await current()
      const until = new Date(Date.now() + previousMs).toISOString()
      const next = fresh({ secret, until })
      await site.storage.replace(secretName, site.sealer.seal(JSON.stringify(next), place), {
        actor: actorOf(call),
        action: 'identity:rotate_secret',
        before: { previous_until: previous?.until ?? null },
        after: { previous_until: until },
      })
      return { secret: next.secret, previous_until: until }
    },
  }

  /**
   * The handshake of a visitor whom the site knows: from now on they are that user, with the conversations they had.
   * An address that is none is left out, and said so: the chat does not depend on it.
   * @throws OperationError UNAUTHORIZED, FORBIDDEN for a disabled account
   */
  async function recognise(
    identity: SiteIdentity,
    known: Session | null,
    address: string,
  ): Promise<{ session: Session; warnings: Warning[] }> {
    const { secret, previous } = await current()
    const secrets = [
      secret,
      ...(previous && Date.parse(previous.until) > Date.now() ? [previous.secret] : []),
    ]
    const leftMs = Date.parse(identity.expires_at) - Date.now()
    // All are compared, always: the time tells nothing.
    const fits = secrets.map(each => sameHash(identity, each)).includes(true)
    // `leftMs` is no number for a day that there is not.
    if (!fits || !(leftMs > 0))
      throw new OperationError('UNAUTHORIZED', 'The signature of this customer is not valid.', {
        expired: fits,
      })
    const before = known?.caller
    const visitor = before?.role === 'visitor' ? { id: before.id!, sessionId: before.sessionId } : null
    const externalId = String(identity.id)
    const email = identity.email ? normalizeEmail(identity.email) : null
    const warnings: Warning[] = identity.email && email === null ? [notAnAddress] : []
    const person = await storage.recognise({
      externalId,
      email,
      name: nameOf(identity),
      newPersonId: newId(),
      visitor,
      actor: { id: null, role: 'site', address, request_id: null },
    })
    if (visitor) await refreshRevocations()
    if (!person.active) throw new OperationError('FORBIDDEN', 'This account is disabled.')
    if (known && before?.id === person.id) return { session: known, warnings }
    const seconds = Math.min(site.longestSeconds, Math.floor(leftMs / 1000))
    return { session: await issue({ ...claimsOf(person, newId()), seconds }), warnings }
  }

  return { handlers, recognise }
}

function fresh(previous: SiteSecret['previous']): SiteSecret {
  return { secret: randomBytes(32).toString('base64url'), previous }
}

function nameOf({ name }: SiteIdentity): string | null {
  return plainName((name ?? '').toWellFormed().slice(0, nameMaxLength)) || null
}

function sameHash({ id, email, name, expires_at, hash }: SiteIdentity, secret: string): boolean {
  const text = [String(id), email ?? '', name ?? '', expires_at].join('\n')
  const actual = Buffer.from(hash, 'hex')
  return timingSafeEqual(actual, createHmac('sha256', secret).update(text).digest())
}
