import { StartError } from '#storage/start-error'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

/** A supervisor kills what has not stopped by then; stop before it does, in milliseconds. */
const stopMs = 20_000

async function main(): Promise<void> {
  const config = readConfig()
  const app = await createApp(config)
  const admin = await app.ensureAdmin()
  await app.fillShop(line => process.stdout.write(`${line}\n`))
  const port = await app.listen()
  const base = config.publicUrl.replace(`:${config.port}`, `:${port}`)
  const lines = [
    `Demo shop   ${base}/`,
    `Console     ${base}/console`,
    `API         ${base}/docs`,
    admin?.password &&
      `Sign in     user ${admin.username}, password ${admin.password}   (made for this machine; shown only now)`,
  ]
  process.stdout.write(`\n${lines.filter(Boolean).join('\n')}\n\n`)
  const problem = await app.checkModel()
  if (problem) process.stdout.write(`${problem} Answers come from the built-in answerer until it is there.\n`)

  let stopping = false
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
