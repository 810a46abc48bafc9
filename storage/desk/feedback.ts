import type { Feedback } from '#protocol/desk/service'
import { inScope, type Scope } from '../chat/scope.ts'
import type { Database } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'

/** What visitors say of talks and answers. */
export function feedbackStorage({ sql, withDeadline }: Database) {
  /** Of the conversations within the scope. */
  async function feedback(filter: {
    scope: Scope | null
    commented: boolean
    page: number
    page_size: number
  }) {
    const rated = sql`(
      select id, conversation_id, 'talk' as kind, rating, rating_comment as comment, agent_id, coalesce(ended_at, created_at) as at
      from handoffs where rating is not null
      union all
      select id, conversation_id, 'answer', feedback, feedback_comment, null, updated_at
      from messages where feedback is not null) f join conversations c on c.id = f.conversation_id`
    const chosen = where(sql, [
      inScope(sql, filter.scope, 'c'),
      filter.commented && sql`btrim(f.comment) <> ''`,
    ])
    const [items, [count]] = await withDeadline(
      Promise.all([
        sql<Feedback[]>`
          select f.id, f.conversation_id, f.kind, f.rating, f.comment, f.at,
            case when f.agent_id is not null then json_build_object('id', f.agent_id, 'name', p.name) end as agent
          from ${rated} left join people p on p.id = f.agent_id ${chosen}
          order by f.at desc, f.id desc limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
        sql<{ total: number }[]>`select count(*) as total from ${rated} ${chosen}`,
      ]),
    )
    return { items: [...items], total: count!.total }
  }

  return { feedback }
}
