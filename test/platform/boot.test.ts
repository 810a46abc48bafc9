import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { connect, converse } from '../fixtures/harness.ts'
import { run, unusedPort } from '../fixtures/processes.ts'

/** Ended with the test that started it. */
function boot(folder: string, environment: Record<string, string> = {}) {
  const env = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, LOG_LEVEL: 'warn', ...environment }
  const program = run('node', ['server/main.ts'], { env })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  return program
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-boot-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** One that had its database made before. */
async function filledFolder(): Promise<string> {
  const path = await folder()
  await fillDataFolder(path)
  return path
}

describe('plain node server/main.ts', () => {
  test('starts with nothing, shows the password once, answers over a socket, stops on SIGTERM, and starts again', async () => {
    const place = await folder()
    const first = boot(place)
    const [, password] = await first.says(/user admin, password (\S+)/)
    const [, url] = await first.says(/Demo shop +(http:\/\/localhost:\d+)/)
    // G5: a hang-up asks for what is renewed, and ends nothing.
    first.child.kill('SIGHUP')
    const client = await connect(url!)
    const { answer } = await converse(client, 'How long does delivery take?')
    expect(answer).toMatchObject({ status: 'complete', degraded: false })
    expect(answer.references.length).toBeGreaterThan(0)
    const signedIn = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    })
    expect(signedIn.status).toBe(200)
    const draining = client.until('server:draining')
    first.child.kill('SIGTERM')
    expect((await draining).retry_after_ms).toBeGreaterThan(0)
    expect(await first.exited).toBe(0)

    const second = boot(place)
    await second.says(/Demo shop/)
    expect(second.output()).not.toContain('password')
    second.child.kill('SIGTERM')
    expect(await second.exited).toBe(0)
  }, 90_000)

  const sentences: [Record<string, string>, RegExp][] = [
    [{ LLM_PROVIDER: 'gpt' }, /^LLM_PROVIDER is 'gpt'; allowed: builtin, openai, ollama\.\n$/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }, /^[^\n]*127\.0\.0\.1:9[^\n]*\n$/],
  ]
  test.each(sentences)('%o: one sentence, and it ends', async (environment, sentence) => {
    const server = boot(await folder(), environment)
    expect(await server.exited).toBe(1)
    expect(server.output()).toMatch(sentence)
  })

  test('a model host that is not there is one sentence at start and a degraded answer later', async () => {
    const port = await unusedPort()
    const server = boot(await filledFolder(), {
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_API_KEY: 'k',
    })
    await server.says(/The model host http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\./)
    const [, url] = await server.says(/Demo shop +(http:\/\/localhost:\d+)/)
    const { answer } = await converse(await connect(url!), 'How long does delivery take?')
    expect(answer).toMatchObject({ status: 'complete', degraded: true })
  }, 60_000)

  test('a second server on the same folder is refused', async () => {
    const place = await filledFolder()
    await boot(place).says(/Demo shop/)
    const second = boot(place)
    expect(await second.exited).toBe(1)
    expect(second.output()).toMatch(/is in use by another running server/)
  }, 60_000)
})
