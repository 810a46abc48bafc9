import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { StartError } from '#storage/engine/start-error'
import { readConfig } from '../../server/config/config.ts'
import { openDatabase } from '../../storage/engine/open.ts'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { run, scratchFolder, startPgBouncer, startRedis } from '../fixtures/processes.ts'
import { type FreshDatabase, freshPostgres, hasService } from '../fixtures/services.ts'
import { mayStartPostgres, ownPostgres } from '../tooling/own-postgres.ts'

const limitMs = 240_000
const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

let folder: Awaited<ReturnType<typeof scratchFolder>>
beforeAll(async () => {
  folder = await scratchFolder()
})
afterAll(() => folder.remove())

/** What a start is refused with: one sentence. */
async function refusal(databaseUrl: string | null, place = folder.path): Promise<string> {
  const error = await openDatabase({ databaseUrl, folder: place }).then(
    async database => {
      await database.close()
      return new Error('it opened')
    },
    thrown => thrown as Error,
  )
  expect(error).toBeInstanceOf(StartError)
  expect(error.message).toMatch(/^[A-Z][^\n]+[.)]$/)
  return error.message
}

async function listener(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server: Server = createServer(onConnection as never).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function keyPair(name: string) {
  const [key, cert] = [join(folder.path, `${name}.key`), join(folder.path, `${name}.crt`)]
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=elsewhere.example', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  return { key, cert }
}

describe.runIf(hasPostgres)('a PostgreSQL that cannot be used', () => {
  let fresh: FreshDatabase
  let admin: postgres.Sql
  const role = `limited_${process.pid}`
  const latin = `latin_${process.pid}`
  beforeAll(async () => {
    fresh = await freshPostgres({})
    admin = postgres(process.env.TEST_DATABASE_URL!, { max: 1, onnotice: () => {} })
    await admin.unsafe(`create role ${role} login`)
    await admin.unsafe(`create database ${latin} encoding 'LATIN1' locale 'C' template template0`)
  })
  afterAll(async () => {
    await admin.unsafe(`drop database ${latin} with (force)`)
    await fresh.drop()
    await admin.unsafe(`drop role ${role}`)
    await admin.end()
  })

  /** The address, changed in parts. */
  function addressWith(
    parts: Partial<Pick<URL, 'username' | 'pathname' | 'hostname' | 'port' | 'search'>>,
  ): string {
    return Object.assign(new URL(fresh.url!), parts).href
  }

  test.each<[string, () => string, RegExp]>([
    [
      'no such database',
      () => addressWith({ pathname: '/nowhere' }),
      /no database 'nowhere'.*CREATE DATABASE/,
    ],
    ['no such role', () => addressWith({ username: 'nobody' }), /lets no one in as 'nobody'.*pg_hba/],
    ['no such host', () => addressWith({ hostname: 'nowhere.invalid' }), /host nowhere\.invalid .*not known/],
    ['nobody listens', () => addressWith({ port: '9' }), /Nothing answers at .*:9 \(ECONNREFUSED\)/],
    ['no TLS there', () => addressWith({ search: '?sslmode=require' }), /does not speak TLS/],
    [
      'as Neon writes it',
      () => addressWith({ search: '?sslmode=require&channel_binding=require' }),
      /does not speak TLS/,
    ],
    ['no such schema', () => addressWith({ search: '?schema=nowhere' }), /no schema nowhere/],
    ['an unknown parameter', () => addressWith({ search: '?colour=red' }), /parameter 'colour'/],
    ['another encoding', () => addressWith({ pathname: `/${latin}` }), /encoded in LATIN1.*UTF8/],
    ['no right to make tables', () => addressWith({ username: role }), /GRANT CREATE ON SCHEMA public/],
    ['a percent sign', () => fresh.url!.replace('postgres@', 'postgres:50%off@'), /%25/],
    ['other signs', () => fresh.url!.replace('postgres@', 'postgres:a#b/c@'), /%23/],
  ])('G6: %s: one sentence that says what to do', async (_what, url, sentence) => {
    expect(await refusal(url())).toMatch(sentence)
  })

  /** The same database behind a wire that changes words for others of their length. */
  async function changing(words: {
    message?: [string, string]
    answered?: [string, string]
  }): Promise<string> {
    const through = ([from, to]: [string, string] = ['', '']) =>
      new Transform({
        transform: (bytes: Buffer, _encoding, next) =>
          next(null, from ? Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1') : bytes),
      })
    const { port: upstreamPort, hostname } = new URL(fresh.url!)
    const port = await listener(socket => {
      const upstream = connect(Number(upstreamPort || 5432), hostname)
      socket.on('error', () => upstream.destroy())
      upstream.on('error', () => socket.destroy())
      socket.pipe(through(words.message)).pipe(upstream).pipe(through(words.answered)).pipe(socket)
    })
    return addressWith({ hostname: '127.0.0.1', port: String(port) })
  }

  test('G6: a PostgreSQL that is too old', async () => {
    const [row] = await admin<{ version: string }[]>`select current_setting('server_version_num') as version`
    const url = await changing({ answered: [row!.version, '140012'] })
    expect(await refusal(url)).toMatch(/is PostgreSQL 14; Parley needs PostgreSQL 15 or later/)
  })

  test('G6: a PostgreSQL without pgvector', async () => {
    const url = await changing({ message: ["'vector'", "'absent'"] })
    expect(await refusal(url)).toMatch(/does not have the extension pgvector.*postgresql-\d+-pgvector/)
  })

  test('G6: no connection left', async () => {
    await admin.unsafe(`alter role ${role} connection limit 0`)
    expect(await refusal(addressWith({ username: role }))).toMatch(/no connection left.*max_connections/)
    await admin.unsafe(`alter role ${role} connection limit -1`)
  })

  test('G6: a database of a newer program', async () => {
    const other = await freshPostgres({})
    onTestFinished(() => other.drop())
    const database = await openDatabase({ databaseUrl: other.url, folder: folder.path })
    await database.sql`insert into migrations (number, name, checksum) values (9999, '9999-later.sql', 'x')`
    await database.close()
    expect(await refusal(other.url)).toMatch(/9999-later\.sql.*newer/)
  })

  test('G6: somebody who takes connections and says nothing', async () => {
    const port = await listener(() => {})
    expect(await refusal(addressWith({ port: String(port), search: '?connect_timeout=1' }))).toMatch(
      /does not answer in time/,
    )
  })

  test('G6: somebody who is no PostgreSQL', async () => {
    const port = await listener(socket => socket.destroy())
    expect(await refusal(addressWith({ port: String(port) }))).toMatch(/hangs up|cannot be used/)
  })

  test(
    'G3, G6: TLS: wanted there and not here, with a certificate of nobody, and of another name',
    async () => {
      const { key, cert } = keyPair('database')
      const pooler = await startPgBouncer(fresh.url!, folder.path, {
        mode: 'transaction',
        lines: [
          'client_tls_sslmode = require',
          `client_tls_key_file = ${key}`,
          `client_tls_cert_file = ${cert}`,
        ],
      })
      onTestFinished(() => pooler.end('SIGKILL'))
      expect(await refusal(pooler.url)).toMatch(/sslmode=require/)
      for (const query of ['sslmode=verify-full', 'sslmode=require&channel_binding=require'])
        expect(await refusal(`${pooler.url}?${query}`)).toMatch(/certificate.*sslrootcert/)
      expect(await refusal(`${pooler.url}?sslmode=verify-full&sslrootcert=${cert}`)).toMatch(/another name/)
      for (const query of ['sslmode=require', `sslmode=verify-ca&sslrootcert=${cert}`]) {
        const database = await openDatabase({ databaseUrl: `${pooler.url}?${query}`, folder: folder.path })
        expect(await database.answers()).toBe(true)
        await database.close()
      }
    },
    limitMs,
  )

  test.runIf(hasService('PostgreSQL of its own', mayStartPostgres, 'run as root'))(
    'G6: a standby, and one that is starting',
    async () => {
      const server = await ownPostgres()
      onTestFinished(() => server.remove())
      await server.stop()
      writeFileSync(join(server.files, 'standby.signal'), '')
      await server.start()
      expect(await refusal(server.url)).toMatch(/standby.*primary/)
    },
    limitMs,
  )
})

describe('a data folder that cannot be used', () => {
  test('G6: no folder, or in none', async () => {
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    expect(await refusal(null, file)).toMatch(/DATA_DIR .*is no folder/)
    expect(await refusal(null, join(file, 'below'))).toMatch(/DATA_DIR .*is no folder/)
    expect(await refusal(null, '/sys/parley')).toMatch(/DATA_DIR \/sys\/parley/)
  })

  test(
    'G6: files of another version, incomplete, or damaged',
    async () => {
      const place = await scratchFolder()
      onTestFinished(place.remove)
      await fillDataFolder(place.path)
      const version = join(place.path, 'embedded', 'PG_VERSION')
      writeFileSync(version, '16\n')
      expect(await refusal(null, place.path)).toMatch(/PostgreSQL 16/)
      rmSync(version)
      expect(await refusal(null, place.path)).toMatch(/damaged or incomplete/)
      writeFileSync(version, '18\n')
      truncateSync(join(place.path, 'embedded', 'global', 'pg_control'), 100)
      expect(await refusal(null, place.path)).toMatch(/damaged or incomplete.*backup/)
    },
    limitMs,
  )
})

describe.runIf(hasService('a file system of its own', process.getuid?.() === 0, 'run as root'))(
  'a data folder on a full disk',
  () => {
    test(
      'G6: is said each time, and once there is room the start begins anew',
      async () => {
        const place = await scratchFolder()
        onTestFinished(place.remove)
        const disk = join(place.path, 'disk')
        mkdirSync(disk)
        const mount = (size: string) =>
          execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk])
        mount('20m')
        onTestFinished(() => void spawnSync('umount', ['-l', disk]))
        const data = join(disk, 'data')
        for (let start = 0; start < 2; start++)
          expect(await refusal(null, data)).toMatch(/The disk that holds DATA_DIR .*data is full: make room/)
        execFileSync('mount', ['-o', 'remount,size=300m', disk])
        const database = await openDatabase({ databaseUrl: null, folder: data })
        expect(await database.answers()).toBe(true)
        await database.close()
      },
      limitMs,
    )
  },
)

describe('what else a start needs', () => {
  async function refused(environment: Record<string, string>): Promise<string> {
    const place = await scratchFolder()
    onTestFinished(place.remove)
    const env = {
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: place.path,
      LOG_LEVEL: 'warn',
      DEMO_SHOP: 'off',
      ...environment,
    }
    const server = run('node', ['server/main.ts'], { env })
    onTestFinished(() => void server.child.kill('SIGKILL'))
    expect(await server.exited).toBe(1)
    return server.output()
  }

  test('G6: a certificate and a key that are no pair, or none', () => {
    const [one, two] = [keyPair('one'), keyPair('two')]
    const read = (cert: string, key: string) => () =>
      readConfig({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }, [])
    expect(read(one.cert, one.key)).not.toThrow()
    expect(read(one.cert, two.key)).toThrow(/not the key of the certificate/)
    expect(read(one.key, one.key)).toThrow(/TLS_CERT_FILE holds no certificate/)
    expect(read(one.cert, one.cert)).toThrow(/TLS_KEY_FILE holds no private key/)
  })

  test.each(['uws', 'node'])(
    'G6: a port in use (%s)',
    async SOCKET_SERVER => {
      const PORT = String(await listener(() => {}))
      const message = await refused({ SOCKET_SERVER, PORT })
      expect(message.trim().split('\n').at(-1)).toMatch(/^Port \d+ is in use by another program: .*\.$/)
    },
    limitMs,
  )

  test(
    'G6: a Redis that wants a password',
    async () => {
      const redis = await startRedis(undefined, ['--requirepass', 'secret'])
      onTestFinished(() => redis.end('SIGKILL'))
      const message = await refused({ REDIS_URL: redis.url })
      expect(message).toMatch(/^Redis at 127\.0\.0\.1:\d+ wants a password: [^\n]+\.\n$/)
    },
    limitMs,
  )

  test.runIf(hasPostgres)(
    'G6: a SECRET_KEY that opens nothing of what is stored',
    async () => {
      const other = await freshPostgres({})
      onTestFinished(() => other.drop())
      const database = await openDatabase({ databaseUrl: other.url, folder: folder.path })
      await database.sql`insert into secrets (name, sealed) values ('site', 'anotherKey.sealed')`
      await database.close()
      const message = await refused({ DATABASE_URL: other.url! })
      expect(message).toMatch(/^SECRET_KEY does not fit [^\n]+SECRET_KEY_PREVIOUS[^\n]+\.\n$/)
    },
    limitMs,
  )
})
