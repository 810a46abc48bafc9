import { openDatabase } from '../storage/engine/open.ts'
import { searchTermsOf } from '../server/areas/chat/conversation/search-terms.ts'
import { unnestRows } from '../storage/engine/unnest.ts'
const db = await openDatabase({ databaseUrl: 'postgres://postgres@127.0.0.1:25432/mb_big', folder: '/tmp/mb/bigdata', guarded: false })
const sql = db.sql as any
await sql`drop index if exists message_terms_by_term`
let last = '00000000-0000-0000-0000-000000000000'
const cache = new Map<string, number[]>()
for (;;) {
  const rows = await sql`select id, conversation_id, content from messages where id > ${last} order by id limit 20000`
  if (rows.length === 0) break
  last = rows.at(-1).id
  const t = rows.map((r: any) => {
    const shape = r.content.replace(/\d+/g, '#')
    let terms = cache.get(shape)
    if (!terms) cache.set(shape, (terms = searchTermsOf(shape)))
    return `{${[...terms, ...searchTermsOf(String(/\d+/.exec(r.content)))].join(',')}}`
  })
  await sql`set synchronous_commit=off`
  await sql`insert into message_terms select a, b, c::int[] from unnest(${rows.map((r: any) => r.id)}::uuid[], ${rows.map((r: any) => r.conversation_id)}::uuid[], ${t}::text[]) x(a,b,c) on conflict do nothing`
}
console.log('filled')
await db.close()
