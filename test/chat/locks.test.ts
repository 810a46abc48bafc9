import { beforeAll, describe, expect, test } from 'vitest'
import { assemble, startServer, type TestServer } from '../fixtures/harness.ts'
import { hasService } from '../fixtures/services.ts'

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL) && process.env.TEST_DATABASE !== 'embedded',
  'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

/** As long as the transaction may stay open. */
const openMs = 20_000

describe.runIf(hasPostgres)(
  'a row that refers to a conversation, in a transaction that is still open',
  () => {
    let server: TestServer
    beforeAll(async () => {
      server = await startServer({ demoShop: true })
    })

    test('D1: keeps nobody from writing in it: messages, answers and their checkpoints', async () => {
      const client = await server.connect()
      const { conversation } = await client.ask('conversation:open', {})
      await server.app.database.transaction(async inner => {
        // As what is counted, remembered or searched by does (a foreign key).
        await inner`select 1 from conversations where id = ${conversation.id} for key share`
        const { message } = await client.ask('message:send', {
          conversation_id: conversation.id,
          key: crypto.randomUUID(),
          content: 'Which laptop is the cheapest?',
        })
        const { message: answer } = await client.until(
          'message:updated',
          event => event.message.in_reply_to === message.id,
        )
        expect(answer.status).toBe('complete')
        expect(assemble(client.received, answer.id)).toBe(answer.content)
      }, openMs)
    })
  },
)
