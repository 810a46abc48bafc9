import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Environment, run, scratchFolder, unusedPort } from '../fixtures/processes.ts'

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

describe('G7: test-mail and check-config', { timeout }, () => {
  let smtp: SMTPServer
  let url: string
  beforeAll(async () => {
    smtp = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) =>
        password === 'right'
          ? done(null, { user: 'me' })
          : done(Object.assign(new Error('5.7.8 Bad credentials'), { responseCode: 535 })),
      onRcptTo: ({ address }, _session, done) =>
        done(
          address.startsWith('no-')
            ? Object.assign(new Error('5.1.1 No such user'), { responseCode: 550 })
            : null,
        ),
      onData(stream, _session, done) {
        stream.resume()
        stream.on('end', () => done(null, 'queued as 42'))
      },
    })
    smtp.listen(0, '127.0.0.1')
    await once(smtp.server, 'listening')
    url = `127.0.0.1:${(smtp.server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise<void>(resolve => smtp.close(resolve)))

  test('test-mail says what the server said', async () => {
    const sent = await command('test-mail', ['you@shop.example'], { SMTP_URL: `smtp://${url}` })
    expect(sent).toMatchObject({
      exit: 0,
      output: expect.stringContaining('The server took it: 250 queued as 42'),
    })
    const refused = await command('test-mail', ['no-one@shop.example'], { SMTP_URL: `smtp://${url}` })
    expect(refused).toMatchObject({ exit: 1, output: expect.stringContaining('550 5.1.1 No such user') })
    const wrong = await command('test-mail', ['you@shop.example'], { SMTP_URL: `smtp://me:hunter2@${url}` })
    expect(wrong).toMatchObject({
      exit: 1,
      output: expect.stringContaining('does not take the user and password'),
    })
    expect(wrong.output).not.toContain('hunter2')
    const nowhere = await command('test-mail', ['you@shop.example'], {
      SMTP_URL: `smtp://127.0.0.1:${await unusedPort()}`,
    })
    expect(nowhere).toMatchObject({ exit: 1, output: expect.stringContaining('ECONNREFUSED') })
    expect(await command('test-mail', ['you@shop.example'], {})).toMatchObject({
      exit: 1,
      output: expect.stringContaining('SMTP_URL is not set'),
    })
    expect((await command('test-mail', [], {})).exit).toBe(2)
  })

  test('check-config has a line for each thing, and fails where one is wrong', async () => {
    const port = await unusedPort()
    const base = { DATA_DIR: join(scratch.path, 'fresh'), PORT: String(port) }
    const good = await command('check-config', [], { ...base, SMTP_URL: `smtp://me:right@${url}` })
    expect(good).toMatchObject({ exit: 0, output: expect.not.stringContaining('WRONG') })
    for (const name of [
      'configuration',
      'database',
      'Redis',
      'mail',
      'model',
      'speech',
      'certificate',
      'public address',
      'port',
      'memory',
      'disk',
    ])
      expect(good.output).toMatch(new RegExp(`^(ok|warning) +${name}: `, 'm'))
    expect(await readdir(scratch.path)).not.toContain('fresh')

    const bad = await command('check-config', [], {
      ...base,
      PORT: url.split(':')[1],
      HOST: '127.0.0.1',
      SMTP_URL: `smtp://me:hunter2@${url}`,
      DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${port}/none`,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      ADMIN_EMAIL: 'nobody',
    })
    expect(bad.exit).toBe(1)
    for (const name of ['database', 'Redis', 'mail', 'model', 'port', 'administrator'])
      expect(bad.output).toMatch(new RegExp(`^WRONG +${name}: `, 'm'))
    expect(bad.output).not.toContain('hunter2')
    expect(bad.output).toContain('6 things are wrong.')
  })

  test('check-config: what cannot be read is one sentence', async () => {
    const { exit, output } = await command('check-config', [], { PORT: 'eighty' })
    expect({ exit, output }).toEqual({
      exit: 1,
      output: "PORT is 'eighty'; allowed: a number from 0 to 65535.\n",
    })
  })
})
