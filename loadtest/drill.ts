import { parseArgs } from 'node:util'
import type { Reply } from '#protocol'
import type { Played } from './drill/player.ts'
import { runDrill } from './drill/run.ts'

/**
 * Handoffs rehearsed on a running server before it goes live: recorded conversations, two scripted agents.
 * `npm run drill -- --url http://localhost:8080 --user admin --password …` signs in as an administrator, who makes two
 * agents for it and switches them off again. The desk's settings are changed meanwhile and put back.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    user: { type: 'string', default: 'admin' },
    password: { type: 'string', default: process.env.ADMIN_PASSWORD ?? '' },
    seconds: { type: 'string', default: '20' },
  },
})

async function call<T>(method: string, path: string, body: object, token?: string): Promise<T> {
  const response = await fetch(`${values.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  const reply = (await response.json()) as Reply<T>
  if (!reply.success) throw new Error(`${method} ${path}: ${reply.error.code} ${reply.error.message}`)
  return reply.data
}

async function signIn(username: string, password: string): Promise<string> {
  return (await call<{ access_token: string }>('POST', '/auth/login', { username, password })).access_token
}

/** Somebody who answers for as long as the drill lasts. */
async function hire(name: string, lead: string) {
  const username = `drill-${name}-${Date.now().toString(36)}`
  const password = crypto.randomUUID()
  const made = { username, email: `${username}@drill.invalid`, password, role: 'agent' }
  const { user } = await call<{ user: { id: string } }>('POST', '/admin/users', made, lead)
  const dismiss = () =>
    call('PUT', `/admin/users/${user.id}/status`, { is_active: false, reason: 'The drill is over' }, lead)
  return { token: await signIn(username, password), dismiss }
}

function show({ name, should, happened, ok, ms }: Played): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name}  (${(ms / 1000).toFixed(1)} s)`)
  should.forEach((expected, index) => {
    const came = happened[index] ?? 'not reached'
    console.log(`          ${expected.padEnd(26)} ${came === expected ? 'so it was' : came}`)
  })
}

async function main(): Promise<void> {
  const lead = await signIn(values.user, values.password)
  const [agent, colleague] = [await hire('ann', lead), await hire('bob', lead)]
  try {
    const played = await runDrill({
      url: values.url,
      tokens: { lead, agent: agent.token, colleague: colleague.token },
      withinMs: Number(values.seconds) * 1000,
      report: show,
    })
    const failed = played.filter(({ ok }) => !ok)
    console.log(`\n${played.length} conversations, ${failed.length} not as they should be`)
    process.exitCode = failed.length > 0 ? 1 : 0
  } finally {
    await agent.dismiss()
    await colleague.dismiss()
  }
}

await main()
