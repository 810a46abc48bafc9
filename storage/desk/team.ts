import type { Team } from '#protocol/desk/service'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

/** Who takes which conversations. */
export function teamStorage({ sql, withDeadline, transaction }: Database) {
  async function teams(): Promise<Team[]> {
    return withDeadline(sql<Team[]>`
      select t.id, t.name, coalesce(
        (select array_agg(person_id order by person_id) from team_members where team_id = t.id), '{}'::uuid[]) as members
      from teams t order by lower(t.name)`)
  }

  async function lockTeam(inner: TransactionSql, id: string): Promise<Team | null> {
    const [team] = await inner<Pick<Team, 'name'>[]>`select name from teams where id = ${id} for update`
    if (!team) return null
    const members = await inner<{ person_id: string }[]>`
      select person_id from team_members where team_id = ${id} order by person_id`
    return { id, name: team.name, members: members.map(row => row.person_id) }
  }

  /** What is not given stays. False where another team has the name; null where there is none of the id. */
  function saveTeam(
    { id, name, members }: Pick<Team, 'id'> & { [K in 'name' | 'members']?: Team[K] | undefined },
    isNew: boolean,
    actor: Actor,
  ): Promise<Team | false | null> {
    return transaction(async inner => {
      const rows =
        await inner`select id from teams where lower(name) = lower(${name ?? null}) and id <> ${id}`
      if (rows.length > 0) return false
      const before = await lockTeam(inner, id)
      if (isNew) await inner`insert into teams (id, name) values (${id}, ${name!})`
      else if (before) await inner`update teams set name = coalesce(${name ?? null}, name) where id = ${id}`
      else return null
      if (members) {
        await inner`delete from team_members where team_id = ${id}`
        await inner`
          insert into team_members (team_id, person_id)
          select ${id}, id from people where id = any(${members}::uuid[])
            and role in ('agent', 'admin', 'super_admin')`
      }
      const after = (await lockTeam(inner, id))!
      await recordAudit(inner, { actor, scope: 'handoff', action: 'team:save', subject: id, before, after })
      return after
    })
  }

  /** Handoffs that wait for it wait for everybody. */
  function removeTeam(id: string, actor: Actor): Promise<boolean> {
    return transaction(async inner => {
      const before = await lockTeam(inner, id)
      if (!before) return false
      await inner`update handoffs set team_id = null where team_id = ${id} and status in ('pending', 'active')`
      await inner`delete from teams where id = ${id}`
      await recordAudit(inner, { actor, scope: 'handoff', action: 'team:delete', subject: id, before })
      return true
    })
  }

  return { teams, saveTeam, removeTeam }
}
