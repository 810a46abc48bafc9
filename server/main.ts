import { StartError } from '#storage/engine/start-error'
import { type App, createApp } from './app.ts'
import { adminName } from './areas/identity/auth/first-admin.ts'
import { readConfig } from './config/config.ts'
import { describeError, type Log } from './observability/log.ts'

/** A supervisor kills what has not stopped by then; stop before it does, in milliseconds. */
const stopMs = 20_000

async function main(): Promise<void> {
  const config = readConfig()
  const app = await createApp(config)
  stopOnSignals(app)
  surviveTheDriver(app.log)
  const admin = await app.ensureAdmin()
  await app.fillShop(say)
  const port = await app.listen()
  const base = config.publicUrl.replace(`:${config.port}`, `:${port}`)
  say('')
  say(`Demo shop   ${base}/`)
  say(`Console     ${base}/console`)
  say(`API         ${base}/docs`)
  const { max, newcomerMax } = app.openFiles
  if (max) say(`Open files  ${max} at most; visitors are let in up to ${newcomerMax}`)
  if (admin.password)
    say(`Sign in     user ${adminName}, password ${admin.password}   (made for this machine; shown only now)`)
  for (const name of admin.ignored)
    say(`${name} is ignored: it is for the first start, and the administrator is there. ${howToChange[name]}`)
  say('')
  const problem = await app.checkModel()
  if (problem) say(`${problem} Answers come from the built-in answerer until it is there.`)
}

const howToChange = {
  ADMIN_EMAIL: 'The address is changed in the console, under Accounts.',
  ADMIN_PASSWORD: '“npm run admin-password” sets a password.',
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/**
 * The database driver throws outside any handler when its connections are cut (porsager/postgres #1154, #1208): its
 * callers have their deadlines, and the pool is replaced. Anything else that is thrown there is our own mistake and
 * ends the process.
 */
function surviveTheDriver(log: Log): void {
  const outlive = (error: unknown) => {
    const described = describeError(error)
    if (described.stack.some(line => line.includes('node_modules/postgres/')))
      return log.debug({ error }, 'the database driver lost a connection')
    process.stderr.write(`${JSON.stringify(described)}\n`)
    process.exit(1)
  }
  process.on('uncaughtException', outlive)
  process.on('unhandledRejection', outlive)
}

function stopOnSignals(app: App): void {
  let stopping = false
  // Would end the process where nothing hears it: here it asks for what is renewed.
  process.on('SIGHUP', () => void app.renewCertificate())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      setTimeout(() => process.exit(1), stopMs).unref()
      app.close().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error instanceof StartError ? error.message : error.stack}\n`)
  process.exit(1)
})
