import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../storage/engine/open.ts'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { code, connect } from '../fixtures/harness.ts'
import { type Environment, run, type ServerNode, scratchFolder, startNode } from '../fixtures/processes.ts'

const timeout = 120_000
let scratch: Awaited<ReturnType<typeof scratchFolder>>
beforeAll(async () => {
  scratch = await scratchFolder()
})
afterAll(() => scratch.remove())

/** A command as an operator runs it, with what it is given on standard input. */
async function command(name: string, args: string[], env: Environment, input = '') {
  const program = run(process.execPath, [`server/commands/${name}.ts`, ...args], { env, name })
  program.child.stdin!.end(input)
  return { exit: await program.exited, output: program.output() }
}

async function login(url: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  return code((await response.json()) as any)
}

/** All that a start says: an empty line ends it. */
const wholeStart = /API[\s\S]*\n\n/

describe('G7: a server on the embedded database', { timeout }, () => {
  let server: ServerNode
  let folder: string
  let backup: string
  let acknowledged: string[] = []
  const env = () => ({ DATA_DIR: folder })
  beforeAll(async () => {
    folder = join(scratch.path, 'data')
    await fillDataFolder(folder)
    server = await startNode('the server', { DATA_DIR: folder, ADMIN_EMAIL: 'owner@shop.example' })
  }, 90_000)
  afterAll(() => server?.child.kill('SIGKILL'))

  test('backup: while it runs and people write, in one file that is whole', async () => {
    const client = await connect(server.url)
    const { conversation } = await client.ask('conversation:open', {})
    let isDone = false
    const writing = (async () => {
      const refused: string[] = []
      for (let count = 0; !isDone; count++) {
        const content = `message ${count}`
        const input = { conversation_id: conversation.id, key: `k${count}`, content }
        const reply = await client.call('message:send', input)
        if (reply.success) acknowledged.push(content)
        else refused.push(reply.error.code)
      }
      return refused
    })()
    await client.until('message:created')
    const before = [...acknowledged]
    const made = await command('backup', [scratch.path], env())
    isDone = true
    expect(made).toMatchObject({
      exit: 0,
      output: expect.stringMatching(/tables, \d+ rows, \d+ bytes, read again and whole/),
    })
    // On a machine that is busy a pause may be longer than a write waits: it is refused, to be sent again.
    expect((await writing).filter(refusal => refusal !== 'SERVICE_UNAVAILABLE')).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(before.length)
    acknowledged = before
    const names = await readdir(scratch.path)
    backup = join(scratch.path, names.find(name => name.endsWith('.backup'))!)
    expect(names.filter(name => name.includes('copy') || name.includes('partial'))).toEqual([])
    expect((await stat(backup)).mode & 0o777).toBe(0o600)
    client.socket.disconnect()
  })

  test('backup: never over another, and not of a folder without a database', async () => {
    expect(await command('backup', [backup], env())).toMatchObject({
      exit: 1,
      output: expect.stringMatching(/^[^\n]*is there already[^\n]*\n$/),
    })
    const nothing = await command('backup', [scratch.path], { DATA_DIR: join(scratch.path, 'none') })
    expect(nothing).toMatchObject({
      exit: 1,
      output: expect.stringMatching(/^There is no database in [^\n]*\n$/),
    })
    expect(await command('backup', ['--nonsense'], env())).toMatchObject({ exit: 2 })
    const elsewhere = await command('backup', [], {
      ...env(),
      DATABASE_URL: 'postgres://user:hunter2@db/parley',
    })
    expect(elsewhere).toMatchObject({ exit: 1, output: expect.stringContaining('pg_dump') })
    expect(elsewhere.output).not.toContain('hunter2')
  })

  test('admin-password: also while it runs; open sessions end, and the audit log says so', async () => {
    const desk = await connect(server.url, {
      namespace: 'agent',
      token: await tokenOf('correct horse battery staple'),
    })
    const set = await command('admin-password', [], env(), 'another long password\n')
    expect(set).toMatchObject({ exit: 0, output: expect.stringContaining('all their sessions have ended') })
    expect(await desk.until('session:ended')).toMatchObject({ code: expect.any(String) })
    expect(await login(server.url, 'admin', 'correct horse battery staple')).toBe('INVALID_CREDENTIALS')
    expect(await login(server.url, 'admin', 'another long password')).toBe('ok')
    const response = await fetch(`${server.url}/api/v1/admin/logs?action=people:set_administrator`, {
      headers: { authorization: `Bearer ${await tokenOf('another long password')}` },
    })
    const { data } = (await response.json()) as any
    expect(data.items).toMatchObject([
      {
        ...{ actor_id: null, actor_role: 'operator', scope: 'people' },
        before: { role: 'super_admin', is_active: true, second_factor: false },
        after: { role: 'super_admin', is_active: true, second_factor: false },
      },
    ])
  })

  async function tokenOf(password: string): Promise<string> {
    const response = await fetch(`${server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    })
    return ((await response.json()) as any).data.access_token
  }

  test('admin-password: what it refuses is one sentence', async () => {
    const short = await command('admin-password', [], env(), 'short\n')
    expect(short).toMatchObject({
      exit: 1,
      output: expect.stringMatching(/^[^\n]*at least 8 characters[^\n]*\n$/),
    })
    const nobody = await command('admin-password', ['nobody'], env(), 'a long enough password')
    expect(nobody).toMatchObject({ exit: 1, output: expect.stringContaining('There is no account “nobody”') })
    expect(await login(server.url, 'admin', 'another long password')).toBe('ok')
  })

  test('admin-password: makes an owner with a password of its own, shown once', async () => {
    const made = await command('admin-password', ['second', '--create'], env())
    const [, password] = /Password: (\S+)/.exec(made.output)!
    expect(made.exit).toBe(0)
    expect(await login(server.url, 'second', password!)).toBe('ok')
  })

  test('restore: refused while it runs, and over what is there', async () => {
    const running = await command('restore', [backup], env())
    expect(running).toMatchObject({ exit: 1, output: expect.stringMatching(/^A server runs on [^\n]*\n$/) })
    await server.end('SIGTERM')
    expect(await command('restore', [backup], env())).toMatchObject({
      exit: 1,
      output: expect.stringContaining('--replace'),
    })
  })

  test('restore: a file that is cut or is none leaves everything as it is', async () => {
    const whole = await readFile(backup)
    const cut = join(scratch.path, 'cut')
    await writeFile(cut, whole.subarray(0, whole.length - 20))
    const into = { DATA_DIR: join(scratch.path, 'untouched') }
    expect(await command('restore', [cut], into)).toMatchObject({
      exit: 1,
      output: expect.stringContaining('is cut off'),
    })
    await writeFile(cut, 'something else')
    expect(await command('restore', [cut], into)).toMatchObject({
      exit: 1,
      output: expect.stringContaining('is not a backup'),
    })
    expect(await readdir(into.DATA_DIR)).toEqual([])
  })

  test('restore: puts what was there aside; everything acknowledged before the backup is in it', async () => {
    const restored = await command('restore', [backup, '--replace'], env())
    expect(restored).toMatchObject({
      exit: 0,
      output: expect.stringMatching(/^Restored to .* tables, \d+ rows/m),
    })
    expect(await readdir(folder)).toContainEqual(expect.stringMatching(/^embedded\.before-/))
    const database = await openDatabase({ databaseUrl: null, folder })
    const rows = await database.sql<{ content: string }[]>`select content from messages where role = 'user'`
    expect(rows.map(row => row.content)).toEqual(expect.arrayContaining(acknowledged))
    const gaps = await database.sql`
      select conversation_id from events group by 1 having max(seq) <> count(*)`
    expect(gaps).toHaveLength(0)
    await database.close()
  })

  test('F3: a changed ADMIN_PASSWORD or ADMIN_EMAIL is said to be ignored, one that holds is not', async () => {
    const changed = { ADMIN_PASSWORD: 'a changed password', ADMIN_EMAIL: 'other@shop.example' }
    server = await startNode('the server again', { DATA_DIR: folder, ...changed })
    await server.says(wholeStart)
    expect(server.output()).toMatch(/ADMIN_PASSWORD is ignored: [^\n]*npm run admin-password/)
    expect(server.output()).toMatch(/ADMIN_EMAIL is ignored/)
    expect(server.output()).not.toContain('a changed password')
    expect(await login(server.url, 'admin', 'correct horse battery staple')).toBe('ok')
    await server.end('SIGTERM')
    server = await startNode('the server once more', { DATA_DIR: folder, ADMIN_EMAIL: 'Owner@Shop.example' })
    await server.says(wholeStart)
    expect(server.output()).not.toContain('ignored')
    await server.end('SIGTERM')
  })

  test('admin-password: without a server, and takes a lost second factor away when asked', async () => {
    const database = await openDatabase({ databaseUrl: null, folder })
    await database.sql`
      insert into second_factors (person_id, sealed_seed, confirmed) select id, 'x', true from people where username = 'admin'`
    await database.sql`update people set active = false where username = 'admin'`
    await database.close()
    const unchanged = await command('admin-password', ['ADMIN'], env(), 'a third long password')
    expect(unchanged.output).toMatch(/is active again[\s\S]*still asks for the second factor/)
    const removed = await command(
      'admin-password',
      ['--remove-second-factor'],
      env(),
      'a third long password',
    )
    expect(removed).toMatchObject({ exit: 0, output: expect.stringContaining('second factor is removed') })
  })
})
