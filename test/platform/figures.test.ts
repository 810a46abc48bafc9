import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import packageFile from '../../package.json' with { type: 'json' }
import { createRandom } from '../faults/random.ts'
import { until } from '../faults/wait.ts'
import { startWorld } from '../faults/world.ts'
import { startServer } from '../fixtures/harness.ts'
import { hasService } from '../fixtures/services.ts'
import { hire } from '../fixtures/staff.ts'

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'test/tooling/postgres.sh start 5433 /var/lib/parley, and TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5433/postgres',
)

async function scrape(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text()
}

/** A sample by its name and labels as they are written. */
async function sample(url: string, name: string): Promise<number> {
  const line = (await scrape(url)).split('\n').find(entry => entry.startsWith(`${name} `))
  return Number(line?.slice(name.length))
}

function read(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../server/observability/${file}`, import.meta.url)), 'utf8')
}

describe('G10: what an operator watches', async () => {
  const server = await startServer({ allowedOrigins: ['https://shop.example'] })

  test('G10: who waits, for how long, who is there, and which version runs', async () => {
    expect(await sample(server.url, `parley_info{version="${packageFile.version}"}`)).toBe(1)
    expect(await sample(server.url, 'parley_agents_online')).toBe(0)
    const { token } = await hire(server, 'figures')
    const agent = await server.connect({ namespace: 'agent', token })
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', {})
    const { handoff } = await visitor.ask('handoff:request', { conversation_id: conversation.id, key: 'k' })
    await until('the wait to show', async () => (await sample(server.url, 'parley_handoffs_waiting')) === 1)
    await until(
      'time to pass',
      async () => (await sample(server.url, 'parley_handoff_longest_wait_seconds')) > 0,
    )
    expect(await sample(server.url, 'parley_agents_online')).toBe(1)
    await agent.ask('handoff:accept', { handoff_id: handoff.id, key: 'k' })
    await until('the talk to show', async () => (await sample(server.url, 'parley_handoffs_active')) === 1)
    expect(await sample(server.url, 'parley_handoffs_waiting')).toBe(0)
    expect(await sample(server.url, 'parley_handoff_longest_wait_seconds')).toBe(0)
  })

  test('G10: refused connections and failed sign-ins, by code', async () => {
    await expect(server.connect({ headers: { origin: 'https://elsewhere.example' } })).rejects.toThrow()
    await expect(server.connect({ namespace: 'agent' })).rejects.toThrow()
    expect(await sample(server.url, 'parley_connections_refused_total{code="ORIGIN"}')).toBe(1)
    expect(await sample(server.url, 'parley_connections_refused_total{code="UNAUTHORIZED"}')).toBe(1)
    await server.http('POST', '/auth/login', { username: 'admin', password: 'not the one' })
    expect(await sample(server.url, 'parley_sign_ins_failed_total{code="INVALID_CREDENTIALS"}')).toBe(1)
  })

  test('G10: mail that waits and mail that was given up', async () => {
    const { sql } = server.app.database
    const mail = (status: string, at: string) => sql`
      insert into outbox (id, recipient, subject, staff, status, updated_at)
      values (${crypto.randomUUID()}, 'a@shop.example', 'Hello', false, ${status}, now() - ${at}::interval)`
    await mail('queued', '0')
    await mail('failed', '1 hour')
    await mail('failed', '2 days')
    expect(await sample(server.url, 'parley_mail_queued')).toBe(1)
    expect(await sample(server.url, 'parley_mail_failed')).toBe(1)
  })

  test('G10: every figure that alerts and dashboard ask for is one that the server has', async () => {
    const figures = await scrape(server.url)
    const known = new Set([...figures.matchAll(/^# TYPE (\S+)/gm)].map(match => match[1]!))
    const { groups } = parse(read('alerts.yaml')) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[]
    }
    const rules = groups.flatMap(group => group.rules)
    const { panels } = JSON.parse(read('dashboard.json')) as { panels: { targets: { expr: string }[] }[] }
    const expressions = [
      ...rules.map(rule => rule.expr),
      ...panels.flatMap(panel => panel.targets.map(target => target.expr)),
    ]
    const names = expressions.flatMap(expr => expr.match(/\b(parley|nodejs|process)_\w+/g) ?? [])
    expect(names.length).toBeGreaterThan(40)
    // There with a PostgreSQL alone: the embedded database goes with its server.
    known.add('parley_database_up')
    // There with a certificate of its own alone.
    known.add('parley_certificate_expires_timestamp_seconds')
    for (const name of names) expect(known, name).toContain(name.replace(/_(bucket|count)$/, ''))
    for (const rule of rules) expect(rule.annotations.summary, rule.alert).toBeTruthy()
  })
})

describe.runIf(hasPostgres)('G10: a database that goes', () => {
  test('G10: is one line, and one when it is back, however many needed it', async () => {
    const world = await startWorld({ nodes: 1, answers: { scripts: [] }, random: createRandom(1) })
    onTestFinished(() => world.close())
    const [node] = world.nodes
    const lines = () =>
      node!
        .output()
        .split('\n')
        .filter(line => line.startsWith('{'))
        .map(line => JSON.parse(line) as { level: number; msg: string })
    const warnings = () => lines().filter(line => line.level >= 40)
    await world.ready(0)
    expect(await sample(node!.url, 'parley_database_up')).toBe(1)

    world.database!.refuse()
    await node!.says(/database away/)
    expect(await sample(node!.url, 'parley_database_up')).toBe(0)
    for (let count = 0; count < 50; count++) {
      const response = await fetch(`${node!.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password: 'x' }),
      })
      expect(response.status).toBe(503)
    }
    world.database!.heal()
    await node!.says(/database back/)
    await world.ready(0)
    expect(warnings().map(line => line.msg)).toEqual(['database away', 'database back'])
  }, 60_000)
})
