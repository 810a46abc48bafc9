import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { isValiError } from 'valibot'
import { isFolderInUse } from '#storage/engine/embedded'
import { openDatabase } from '#storage/engine/open'
import { StartError } from '#storage/engine/start-error'
import { type AdministratorOutcome, administratorStorage } from '#storage/identity/administrators'
import { type AdministratorInput, setAdministrator } from '../areas/identity/auth/administrator.ts'
import { type Config, readConfig } from '../config/config.ts'
import { newPassword } from '../security/passwords.ts'
import { askServer } from './channel.ts'
import { readArguments, runCommand } from './run.ts'

const usage =
  'npm run admin-password -- [USER] [--create] [--remove-second-factor]   (the password is asked for, or read from standard input)'

/** `npm run admin-password`: sets an administrator's password, on either database, also while the server runs. */
runCommand(async terminal => {
  const { positionals, values } = readArguments(usage, {
    allowPositionals: true,
    options: { create: { type: 'boolean' }, 'remove-second-factor': { type: 'boolean' } },
  })
  const config = readConfig(undefined, [])
  const username = positionals[0] ?? 'admin'
  const typed = await readPassword(username)
  const password = typed || newPassword()
  const outcome = await set(config, {
    username,
    password,
    create: values.create ?? false,
    remove_factor: values['remove-second-factor'] ?? false,
  })
  if (outcome.outcome === 'unknown')
    throw new StartError(`There is no account “${username}”. With --create it is made.`)
  if (outcome.outcome === 'no_administrator')
    throw new StartError(`“${username}” is no administrator: the console sets such passwords.`)
  terminal.say(
    outcome.outcome === 'made'
      ? `Made the owner “${username}”.`
      : `The password of “${username}” is set, and all their sessions have ended.`,
  )
  if (typed === '') terminal.say(`Password: ${password}   (shown only now)`)
  if (outcome.outcome !== 'set') return
  if (outcome.was_disabled) terminal.say('The account was disabled, and is active again.')
  if (outcome.factor === 'removed') terminal.say('The second factor is removed.')
  if (outcome.factor === 'kept')
    terminal.say('Signing in still asks for the second factor; --remove-second-factor takes it away.')
})

async function set(config: Config, input: AdministratorInput): Promise<AdministratorOutcome> {
  if (config.databaseUrl === null && (await isFolderInUse(config.dataDir)))
    return askServer(config.dataDir, '/administrator', input)
  const database = await openDatabase({ databaseUrl: config.databaseUrl, folder: config.dataDir })
  try {
    return await setAdministrator(administratorStorage(database), input)
  } catch (error) {
    if (isValiError(error)) throw new StartError(`${error.issues[0].message}.`)
    throw error
  } finally {
    await database.close()
  }
}

/** Never of the command line, where every process sees it. Empty: one is made. */
async function readPassword(username: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).split(/\r?\n/, 1)[0]!
  const first = await ask(`New password for ${username} (empty: one is made): `)
  if (first !== '' && first !== (await ask('The same again: ')))
    throw new StartError('The two are not the same; nothing was changed.')
  return first
}

/** Shows nothing of what is typed. */
function ask(question: string): Promise<string> {
  process.stderr.write(question)
  const lines = createInterface({ input: process.stdin, terminal: true, output: undefined })
  return new Promise(resolve => {
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    lines.once('line', line => {
      process.stderr.write('\n')
      lines.close()
      resolve(line)
    })
  })
}
