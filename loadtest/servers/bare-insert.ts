import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { bareServer, envelope, listen } from './listen.ts'

/** One insert per message through postgres.js, acknowledged once committed; the pool has the product's size. */
const sql = postgres(process.env.DATABASE_URL!, { max: 12, onnotice() {} })
await sql`
  create table if not exists bare_messages (
    id uuid primary key, conversation_id uuid not null, key text not null, content text not null,
    created_at timestamptz not null default now())`

interface SentMessage {
  conversation_id: string
  key: string
  content: string
}

const { app, visitors } = bareServer()
visitors.on('connection', socket => {
  socket.on('message:send', async (input: SentMessage, acknowledge: (answer: unknown) => void) => {
    const { conversation_id, key, content } = input
    const [message] = await sql`
      insert into bare_messages (id, conversation_id, key, content)
      values (${randomUUID()}, ${conversation_id}, ${key}, ${content}) returning *`
    acknowledge(envelope({ message }))
  })
})
listen(app)
