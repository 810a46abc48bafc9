import { readFile } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { TOTP } from 'otpauth'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSealer } from '../../server/security/encryption.ts'
import { createKeyRing } from '../../server/security/keys.ts'
import { openDatabase } from '../../storage/engine/open.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { run, scratchFolder, startNode } from '../fixtures/processes.ts'
import { freshDatabase } from '../fixtures/services.ts'

describe('sealing', () => {
  const [now, before] = ['a secret of this year, long enough', 'a secret of last year, long enough']
  const sealer = createSealer(createKeyRing([now]))

  test('opens in its own place only, and not after a change of one bit', () => {
    const sealed = sealer.seal('canary', 'secrets.sealed:one')
    expect(sealed).not.toContain('canary')
    expect(sealer.open(sealed, 'secrets.sealed:one')).toBe('canary')
    expect(() => sealer.open(sealed, 'secrets.sealed:two')).toThrow()
    const [id, text] = sealed.split('.') as [string, string]
    const bytes = Buffer.from(text, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(() => sealer.open(`${id}.${changed.toString('base64url')}`, 'secrets.sealed:one')).toThrow()
    }
    expect(() => sealer.open(`${id}.${text.slice(0, 20)}`, 'secrets.sealed:one')).toThrow()
    expect(sealer.seal('canary', 'secrets.sealed:one')).not.toBe(sealed)
  })

  test('opens what an earlier secret sealed while that is known, and knows it is not current', () => {
    const old = createSealer(createKeyRing([before])).seal('canary', 'secrets.sealed:one')
    const both = createSealer(createKeyRing([now, before]))
    expect([both.open(old, 'secrets.sealed:one'), both.isCurrent(old)]).toEqual(['canary', false])
    expect(() => sealer.open(old, 'secrets.sealed:one')).toThrow('not configured')
  })
})

describe('law S4: planted canaries', () => {
  const planted = {
    provider: 'sk-canary-provider-key-3141592653',
    smtp: 'canary-smtp-password-2718281828',
    installation: 'canary of the installation, 1618033988',
    admin: 'canary admin password 1414213562',
  }
  let server: TestServer
  const log: string[] = []
  const seen: string[] = []

  beforeAll(async () => {
    const lines = new Writable({
      write(line, _encoding, next) {
        log.push(String(line))
        next()
      },
    })
    server = await startServer(
      {
        secretKey: planted.installation,
        adminPassword: planted.admin,
        smtpUrl: `smtp://user:${planted.smtp}@127.0.0.1:9`,
        llm: {
          provider: 'openai',
          model: null,
          embeddingModel: null,
          openaiKey: planted.provider,
          openaiUrl: 'http://127.0.0.1:9/v1',
          ollamaHost: null,
        },
      },
      { log: pino({ level: 'trace' }, lines) },
    )
  })

  async function call(method: string, path: string, body?: unknown, token?: string) {
    const { reply } = await server.http(method, path, body, token)
    return reply as any
  }

  test('are found in no log, no response and no dump', async () => {
    const login = await call('POST', '/auth/login', { username: 'admin', password: planted.admin })
    const token = login.data.access_token
    const { data: site } = await call('GET', '/admin/identity-secret', undefined, token)
    const { data: factor } = await call('POST', '/auth/second-factor', {}, token)
    await call(
      'POST',
      '/auth/second-factor/confirm',
      { code: new TOTP({ secret: factor.secret }).generate() },
      token,
    )
    const canaries = [...Object.values(planted), site.secret, factor.secret, token, login.data.refresh_token]
    // Whatever is shown from here on, and whatever goes wrong: a model and a mail server that are not there.
    for (const [method, path, body] of [
      ['POST', '/chat', { message: 'Hello' }],
      ['POST', '/auth/send-code', { email: 'reader@mail.example' }],
      ['POST', '/auth/login', { username: planted.smtp, password: planted.provider }],
      ['POST', '/auth/login', { username: 'admin', password: planted.admin, otp: 'x' }],
      ['GET', '/admin/users', undefined],
      ['GET', '/admin/mail', undefined],
      ['GET', '/admin/logs?page_size=100', undefined],
      ['GET', '/system/health', undefined],
      ['GET', '/auth/me', undefined],
    ] as const)
      seen.push(JSON.stringify(await call(method, path, body, token)))
    for (const path of ['/metrics', '/openapi.json', '/readyz'])
      seen.push(await (await fetch(server.url + path)).text())
    for (let failed = false; !failed; )
      failed = (await server.app.database.sql`select 1 from outbox where error is not null`).length > 0
    const { sql } = server.app.database
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
    const dump = []
    for (const { name } of tables) {
      const rows = await sql`select row_to_json(t)::text as row from ${sql(name)} t`
      dump.push(...rows.map(row => row.row))
    }
    expect(dump.length).toBeGreaterThan(10)
    for (const canary of canaries) {
      expect(log.join(''), 'log').not.toContain(canary)
      expect(seen.join(''), 'responses').not.toContain(canary)
      expect(dump.join(''), 'dump').not.toContain(canary)
    }
    expect(log.join('')).not.toContain('reader@mail.example')
  })
})

describe('npm run rotate-key', () => {
  let folder: Awaited<ReturnType<typeof scratchFolder>>
  beforeAll(async () => {
    folder = await scratchFolder()
  })
  afterAll(() => folder.remove())

  test('seals everything anew, and nobody is signed out', async () => {
    const database = await freshDatabase(folder.path)
    const environment = {
      DATA_DIR: folder.path,
      DATABASE_URL: database.url ?? undefined,
      ADMIN_PASSWORD: 'a long enough password',
    }
    const first = await startNode('a node', environment)
    const ask = async (url: string, path: string, token?: string, body?: object) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: body && JSON.stringify(body),
      })
      return ((await response.json()) as any).data
    }
    const { access_token: token } = await ask(first.url, '/auth/login', undefined, {
      username: 'admin',
      password: environment.ADMIN_PASSWORD,
    })
    const { secret } = await ask(first.url, '/admin/identity-secret', token)
    first.child.kill('SIGTERM')
    await first.exited

    const rotated = run('node', ['server/commands/rotate-key.ts'], { env: environment })
    expect(await rotated.exited).toBe(0)
    expect(rotated.output()).toBe('1 sealed anew by the current secret.\n')
    const secrets = (await readFile(`${folder.path}/secret.key`, 'utf8')).split('\n')
    expect(secrets).toHaveLength(2)

    const storage = await openDatabase({ databaseUrl: database.url, folder: folder.path })
    const [row] = await storage.sql`select sealed from secrets`
    await storage.close()
    const onlyTheNew = createSealer(createKeyRing([secrets[0]!]))
    expect(JSON.parse(onlyTheNew.open(row!.sealed, 'secrets.sealed:site_identity')).secret).toBe(secret)

    const second = await startNode('a node', environment)
    expect(await ask(second.url, '/auth/me', token)).toMatchObject({ user: { username: 'admin' } })
    expect((await ask(second.url, '/admin/identity-secret', token)).secret).toBe(secret)
    second.child.kill('SIGTERM')
    await second.exited
    await database.drop()
  }, 60_000)
})
