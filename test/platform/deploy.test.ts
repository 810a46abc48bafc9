import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../server/config/config.ts'
import { readCompose } from '../fixtures/compose.ts'
import { run } from '../fixtures/processes.ts'
import { hasService } from '../fixtures/services.ts'

const hasBalancer = hasService(
  'HAProxy',
  spawnSync('haproxy', ['-v']).status === 0,
  'apt-get install haproxy',
)

async function scratch(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-deploy-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** `${NAME:-value}` where NAME is not set. */
const defaulted = (value: string) => value.replace(/\$\{\w+:-([^}]*)\}/, '$1')

describe('compose.yaml', () => {
  const compose = readCompose()
  const { parley, balancer, database } = compose.services

  test('says nothing to a node that the configuration does not know', () => {
    const source = readFileSync('server/config/config.ts', 'utf8')
    const known = [...source.matchAll(/\b(read|secret)\('(\w+)'\)/g)].flatMap(([, reader, name]) =>
      reader === 'secret' ? [name, `${name}_FILE`] : [name],
    )
    expect(Object.keys(parley.environment!).filter(name => !known.includes(name))).toEqual([])
  })

  test('and all of it is understood, with the secrets that the README makes', async () => {
    const folder = await scratch()
    const recipe = /```sh\n(mkdir [^`]*secrets[^`]*)```/.exec(readFileSync('README.md', 'utf8'))![1]!
    const made = spawnSync('sh', ['-eu', '-c', recipe.replace(/^docker.*$/m, '')], { cwd: folder })
    expect(made.stderr.toString()).toBe('')
    const fileOf = (secret: string) => join(folder, compose.secrets[secret]!.file)
    const environment = Object.fromEntries(
      Object.entries(parley.environment!).map(([name, value]) => [
        name,
        defaulted(value).replace(/^\/run\/secrets\/(\w+)$/, (_path, secret) => fileOf(secret)),
      ]),
    )
    const config = readConfig(environment, [])
    const password = readFileSync(fileOf('database_password'), 'utf8')
    expect(config.databaseUrl).toBe(`postgres://parley:${password.trim()}@database/parley`)
    expect(config).toMatchObject({ redisUrl: 'redis://redis:6379', llm: { provider: 'builtin' } })
    expect(config.secretKey!.length).toBeGreaterThanOrEqual(32)
    expect(config.adminPassword!.length).toBeGreaterThanOrEqual(12)
    expect(config.trustedProxies).toContain('172.16.0.0/12')
  })

  test('every secret that a service names is one of the file’s, and no service holds one in clear', () => {
    for (const { secrets = [], environment = {} } of Object.values(compose.services)) {
      expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets))
      const clear = Object.keys(environment).filter(name => /PASSWORD|SECRET|KEY|DATABASE_URL/.test(name))
      expect(clear.filter(name => !name.endsWith('_FILE'))).toEqual([])
    }
    expect(database.secrets).toEqual(['database_password'])
  })

  test('two nodes, which nobody reaches but through the balancer; they are given the time that stopping takes', () => {
    expect(parley.deploy).toEqual({ replicas: 2 })
    expect(Object.entries(compose.services).filter(([, service]) => service.ports)).toEqual([
      ['balancer', balancer],
    ])
    const stopMs = Number(
      /stopMs = ([\d_]+)/.exec(readFileSync('server/main.ts', 'utf8'))![1]!.replace('_', ''),
    )
    expect(Number.parseInt(parley.stop_grace_period!, 10) * 1000).toBeGreaterThan(stopMs)
  })

  test.runIf(hasBalancer)('HAProxy understands its configuration', async () => {
    const file = join(await scratch(), 'haproxy.cfg')
    writeFileSync(file, compose.configs.balancer.content)
    const { status, stdout, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' })
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: 'Configuration file is valid\n' })
  })
})

/** The instructions of the image that is run, in order. */
function finalStage(): string[][] {
  const lines = readFileSync('Dockerfile', 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter(line => /^[A-Z]/.test(line))
  const instructions = lines.map(line => /^(\w+) +(.*)$/.exec(line)!.slice(1))
  return instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'))
}

/** What `COPY` puts into the image, from this checkout; of the packages those that are not only for work on it. */
function copyFiles(folder: string): void {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  for (const [name, rest] of finalStage()) {
    if (name !== 'COPY') continue
    const [from, to] = rest!.replace(/--from=build \/parley\//, '').split(' ') as [string, string]
    if (from !== 'node_modules') cpSync(from, join(folder, to === './' ? from : to), { recursive: true })
  }
  const dockerfile = readFileSync('Dockerfile', 'utf8')
  const removed = /npm uninstall --omit=dev ([^\\\n]+)/.exec(dockerfile)![1]!.trim().split(' ')
  for (const [path, { dev }] of Object.entries<{ dev?: boolean }>(lock.packages)) {
    if (removed.includes(path.replace('node_modules/', ''))) continue
    if (dev || !/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    symlinkSync(resolve(path), join(folder, path))
  }
}

describe('the image', () => {
  test('has the files that a server needs, starts without npm, says that it is well, and ends on SIGTERM', async () => {
    const folder = await scratch()
    copyFiles(folder)
    const instructions = finalStage()
    expect(instructions).toContainEqual(['USER', 'node'])
    const [command, ...args] = JSON.parse(instructions.find(([name]) => name === 'CMD')![1]!)
    expect(command).toBe('node')
    const env = { PORT: '0', HOST: '127.0.0.1', DEMO_SHOP: 'off', DATA_DIR: join(folder, 'data') }
    const server = run(process.execPath, args, { env, cwd: folder })
    onTestFinished(() => void server.child.kill('SIGKILL'))
    const [, port] = await server.says(/Demo shop +http:\/\/localhost:(\d+)/)
    const widget = await fetch(`http://127.0.0.1:${port}/widget.js`)
    expect(widget.headers.get('content-type')).toMatch(/javascript/)
    const check = JSON.parse(
      /CMD (\[.*\])$/.exec(instructions.find(([name]) => name === 'HEALTHCHECK')![1]!)![1]!,
    )
    const ask = () =>
      run(process.execPath, check.slice(1), { env: { PORT: port, HOST: '127.0.0.1' }, cwd: folder }).exited
    expect(await ask()).toBe(0)
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(await ask()).toBe(1)
  }, 60_000)
})
