import { join } from 'node:path'
import { hasDatabase } from '#storage/engine/embedded'
import { openDatabase } from '#storage/engine/open'
import { StartError } from '#storage/engine/start-error'
import { beginMove, fingerprintOf, moveRows } from '#storage/transfer/move'
import { readConfig } from '../config/config.ts'
import { readArguments, runCommand } from './run.ts'

const usage = 'npm run move   (DATABASE_URL names where to, DATA_DIR where from)'
/** Overwriting what was erased is the server's: here it would only change what is read. */
const notNow = { firstMs: 2 ** 31 - 1 }
/** Few, and each with a statement of its own. */
const connections = 2

/**
 * `npm run move`: everything in the embedded database to an empty PostgreSQL, by rows, so that their versions need not be
 * one. An interrupted move goes on where it was.
 */
runCommand(async terminal => {
  readArguments(usage, {})
  const config = readConfig(undefined, [])
  const { databaseUrl, dataDir, secretKey } = config
  if (databaseUrl === null)
    throw new StartError('DATABASE_URL is not set: it names the empty PostgreSQL to move to.')
  if (!(await hasDatabase(dataDir)))
    throw new StartError(
      `There is no embedded database in ${dataDir}: DATA_DIR names the server’s data folder.`,
    )
  const source = await openDatabase({ databaseUrl: null, folder: dataDir, scrub: notNow })
  terminal.onEnd(() => source.close())
  const fingerprint = await fingerprintOf(source)
  const target = await openDatabase({
    databaseUrl,
    folder: dataDir,
    connections,
    prepare: database => beginMove(database, fingerprint),
  })
  terminal.onEnd(() => target.close())
  const moved = await moveRows(source, target, {
    onStart: (table, rows) => rows > 0 && terminal.say(`${table}: going on after ${rows} rows`),
    copied: (table, rows) => terminal.progress(`Moving: ${table}, ${rows} rows`),
    compared: (table, rows) => terminal.progress(`Comparing: ${table}, ${rows} rows are the same`),
    signal: terminal.signal,
  })
  terminal.say(`Moved: ${moved.tables} tables, ${moved.rows} rows, counted and compared.`)
  terminal.say(
    secretKey === null
      ? `Start the server with this DATABASE_URL and the same DATA_DIR: ${join(dataDir, 'secret.key')} opens what is sealed. For several nodes, give each its first line as SECRET_KEY, and further lines as SECRET_KEY_PREVIOUS.`
      : 'Start the server with this DATABASE_URL and the same SECRET_KEY.',
  )
  terminal.say(`${join(dataDir, 'embedded')} was left as it is; delete it when you no longer need it.`)
})
