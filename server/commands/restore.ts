import { existsSync } from 'node:fs'
import { access, constants, mkdir, mkdtemp, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { isFolderInUse, lockFolder } from '#storage/engine/embedded'
import { openDatabase } from '#storage/engine/open'
import { StartError } from '#storage/engine/start-error'
import { sealedKeyIds } from '#storage/identity/secrets'
import { restoreDatabase } from '#storage/transfer/backup'
import { type Config, readConfig } from '../config/config.ts'
import { createKeyRing } from '../security/keys.ts'
import { readSecrets } from '../security/secret.ts'
import { readBackup } from './backup-file.ts'
import { readArguments, runCommand, UsageError } from './run.ts'

const emptyBytes = 100 * 1024 ** 2
const expansion = 4
/** Overwriting what was erased is the server's: a copy is gone before. */
const notNow = { firstMs: 2 ** 31 - 1 }
const usage = 'npm run restore -- FILE [--replace]'

/**
 * `npm run restore`: a backup becomes the embedded database, made anew beside the present one and put in its place when
 * it is whole. The server must not run.
 */
runCommand(async terminal => {
  const { positionals, values } = readArguments(usage, {
    allowPositionals: true,
    options: { replace: { type: 'boolean' } },
  })
  const [file] = positionals
  if (!file) throw new UsageError(`Usage: ${usage}`)
  const config = readConfig(undefined, [])
  const { dataDir } = config
  if (config.databaseUrl !== null)
    throw new StartError(
      'DATABASE_URL is set: a backup is restored into the embedded database. Unset it, restore, and move it with “npm run move”.',
    )
  await access(file, constants.R_OK)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  if (await isFolderInUse(dataDir)) throw new StartError(`A server runs on ${dataDir}: stop it first.`)
  const lock = await lockFolder(dataDir)
  terminal.onEnd(() => void lock.close())
  const place = join(dataDir, 'embedded')
  const isThere = existsSync(place)
  if (isThere && !values.replace)
    throw new StartError(
      `${dataDir} holds a database already: with --replace it is put aside and kept. Usage: ${usage}`,
    )
  await assertSpace(dataDir, file)
  terminal.progress('Reading the backup …')
  await assertWhole(file)
  const fresh = await mkdtemp(join(dataDir, '.restore-'))
  terminal.onEnd(() => rm(fresh, { recursive: true, force: true }))
  const database = await openDatabase({
    databaseUrl: null,
    folder: fresh,
    prepare: async () => {},
    scrub: notNow,
  })
  let close = () => database.close()
  terminal.onEnd(() => close())
  let total = 0
  const restored = await restoreDatabase(database, readBackup(file), (table, rows) => {
    total += rows
    terminal.progress(`Restoring: ${total} rows, ${table}`)
  })
  const keyIds = await sealedKeyIds(database)
  close = async () => {}
  await database.close()
  const previousPath = `${place}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`
  if (isThere) await rename(place, previousPath)
  await rename(join(fresh, 'embedded'), place)
  terminal.say(
    `Restored to ${dataDir}: ${restored.tables} tables, ${restored.rows} rows, as of ${restored.created_at}.`,
  )
  if (isThere) terminal.say(`What was there before is kept in ${previousPath}.`)
  const known = await knownKeyIds(config)
  if (keyIds.some(id => !known.includes(id)))
    terminal.say(
      `Some secrets in it (second factors, the site’s secret, mail that waits) were sealed by a key that is not here: put the secret.key of then into ${dataDir}, or set SECRET_KEY to that of then.`,
    )
})

/** An empty database already takes some; rows take several times their size in the file. */
async function assertSpace(folder: string, file: string): Promise<void> {
  const [{ bavail, bsize }, { size }] = await Promise.all([statfs(folder), stat(file)])
  if (bavail * bsize < emptyBytes + expansion * size)
    throw new StartError(`There is too little free space in ${folder} for what ${file} holds.`)
}

/** Before anything is made of it. */
async function assertWhole(file: string): Promise<void> {
  for await (const entry of readBackup(file)) if (entry.kind === 'complete') return
}

/** Makes no key: the one of then may still be put there. */
async function knownKeyIds(config: Config): Promise<string[]> {
  if (config.secretKey === null && !existsSync(join(config.dataDir, 'secret.key'))) return []
  const keyRing = createKeyRing(await readSecrets(config))
  return keyRing.keysFor('sealed at rest').map(({ id }) => id)
}
