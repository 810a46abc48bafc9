import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assemble, converse, startServer, type TestServer } from '../fixtures/harness.ts'
import { type FreshDatabase, freshPostgres, hasService } from '../fixtures/services.ts'

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

/** As long as the transaction may stay open. */
const openMs = 20_000

describe.runIf(hasPostgres)(
  'a row that refers to a conversation, in a transaction that is still open',
  () => {
    let fresh: FreshDatabase
    let server: TestServer
    beforeAll(async () => {
      // The embedded one has a single connection: nothing stands open beside another's work there.
      fresh = await freshPostgres()
      // Runs behind the server's own end.
      afterAll(() => fresh.drop())
      server = await startServer({ demoShop: true, databaseUrl: fresh.url })
    })

    test('D1: keeps nobody from writing in it: messages, answers and their checkpoints', async () => {
      const client = await server.connect()
      const { conversation } = await client.ask('conversation:open', {})
      await server.app.database.transaction(async inner => {
        // As what is counted, remembered or searched by does (a foreign key).
        await inner`select 1 from conversations where id = ${conversation.id} for key share`
        const { answer } = await converse(client, 'Which laptop is the cheapest?')
        expect(answer.conversation_id).toBe(conversation.id)
        expect(answer.status).toBe('complete')
        expect(assemble(client.received, answer.id)).toBe(answer.content)
      }, openMs)
    })
  },
)
