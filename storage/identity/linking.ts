import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import type { Person } from './auth.ts'
import { endSessions, revokeSession } from './revocations.ts'

/** Accounts as they are linked: to whom a site knows, to an address that is proven, to what a visitor wrote before. */
export function linkingStorage({ transaction }: Database) {
  /** Whom a site vouches for: known by the site's id, else by an address that is no staff's, else new. */
  function recognise(input: {
    externalId: string
    email: string | null
    name: string | null
    newPersonId: string
    visitor: { id: string; sessionId: string | null } | null
    actor: Actor
  }): Promise<Person> {
    const { externalId, name, visitor, actor } = input
    return transaction(async inner => {
      await inner`select pg_advisory_xact_lock(hashtextextended(${externalId}, 0))`
      const [known] = await inner<Person[]>`select * from people where external_id = ${externalId} for update`
      const person = known ?? (await vouched(inner, input))
      if (name !== null && person.name !== name)
        await inner`update people set name = ${name}, updated_at = now() where id = ${person.id}`
      if (visitor) await becomeUser(inner, visitor, person.id)
      if (!known || visitor)
        await recordAudit(inner, {
          actor: { ...actor, id: person.id },
          scope: 'session',
          action: 'auth:identity',
          subject: person.id,
        })
      return { ...person, name: name ?? person.name }
    })
  }

  return { recognise }
}

/**
 * The address is theirs now. Whoever registered with it before without proof loses what they set: otherwise they
 * would wait inside for its owner.
 */
export async function proven(
  sql: TransactionSql,
  known: Person | null,
  fresh: { id: string; email: string },
): Promise<Person> {
  if (known?.email_verified) return known
  if (known) {
    await sql`update people set email_verified = true, password_hash = null where id = ${known.id}`
    await endSessions(sql, known.id)
    const [person] = await sql<Person[]>`select * from people where id = ${known.id}`
    return person!
  }
  const [person] = await sql<Person[]>`
    insert into people (id, role, email, email_verified) values (${fresh.id}, 'user', ${fresh.email}, true) returning *`
  return person!
}

/** Everything the visitor wrote is the user's: keys too, so that a repeat is still known for one (law D2). */
export async function becomeUser(
  sql: TransactionSql,
  visitor: { id: string; sessionId: string | null },
  userId: string,
): Promise<void> {
  await sql`
    update events e set sender_id = ${userId} from conversations c
    where c.id = e.conversation_id and c.person_id = ${visitor.id} and e.sender_id = ${visitor.id}`
  await sql`
    update reads r set person_id = ${userId} from conversations c
    where c.id = r.conversation_id and c.person_id = ${visitor.id} and r.person_id = ${visitor.id}`
  await sql`
    update conversations c set person_id = ${userId}, key = case when exists (
      select 1 from conversations o where o.person_id = ${userId} and o.key = c.key) then null else key end
    where person_id = ${visitor.id}`
  await sql`update uploads set person_id = ${userId} where person_id = ${visitor.id}`
  await sql`update outbox set person_id = ${userId} where person_id = ${visitor.id}`
  await sql`update usage set person_id = ${userId} where person_id = ${visitor.id}`
  await sql`
    insert into consents (person_id, version, at)
    select ${userId}, version, at from consents where person_id = ${visitor.id} on conflict do nothing`
  await sql`delete from consents where person_id = ${visitor.id}`
  await sql`delete from people where id = ${visitor.id} and role = 'visitor'`
  if (visitor.sessionId) await revokeSession(sql, visitor.sessionId)
}

/** Staff are never found by what a site says, and nobody twice. */
async function vouched(
  sql: TransactionSql,
  {
    externalId,
    email,
    name,
    newPersonId,
  }: { externalId: string; email: string | null; name: string | null; newPersonId: string },
): Promise<Person> {
  const [owner] = email
    ? await sql<Person[]>`select * from people where lower(email) = lower(${email}) for update`
    : []
  if (owner?.role === 'user' && owner.external_id === null) {
    await proven(sql, owner, { id: owner.id, email: owner.email! })
    const [linked] = await sql<Person[]>`
      update people set external_id = ${externalId}, updated_at = now() where id = ${owner.id} returning *`
    return linked!
  }
  const [made] = await sql<Person[]>`
    insert into people (id, role, external_id, email, email_verified, name)
    values (${newPersonId}, 'user', ${externalId}, ${owner ? null : email}, ${!owner && email !== null}, ${name})
    returning *`
  return made!
}
