import { beforeAll, expect, test } from 'vitest'
import { runDrill } from '../../loadtest/drill/run.ts'
import { quick } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick, settings: {} })
})

test('the drill that owners run before going live: everything goes as it should, and the settings are put back', async () => {
  const [lead, agent, colleague] = [
    await hire(server, 'Lead', 'admin'),
    await hire(server, 'Ann'),
    await hire(server, 'Bob'),
  ]
  const settings = () => server.http('GET', '/admin/handoff/settings', undefined, lead.token)
  const before = await settings()
  const played = await runDrill({
    url: server.url,
    tokens: { lead: lead.token, agent: agent.token, colleague: colleague.token },
    withinMs: 15_000,
    report() {},
  })
  for (const { name, should, happened } of played) expect(happened, name).toEqual(should)
  expect(played.length).toBeGreaterThanOrEqual(10)
  expect((await settings()).reply).toMatchObject({ data: (before.reply as any).data })
}, 120_000)
