import { existsSync } from 'node:fs'
import { access, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { hasDatabase, isFolderInUse, lockFolder } from '#storage/engine/embedded'
import { openDatabase } from '#storage/engine/open'
import { StartError } from '#storage/engine/start-error'
import { type Entry, readDatabase } from '#storage/transfer/backup'
import { readConfig } from '../config/config.ts'
import { readBackup, writeBackup } from './backup-file.ts'
import { withPaused } from './channel.ts'
import { copyFolder } from './copy-folder.ts'
import { readArguments, runCommand, type Terminal } from './run.ts'

/** Overwriting what was erased is the server's: a copy is gone before. */
const notNow = { firstMs: 2 ** 31 - 1 }
const usage = 'npm run backup -- [FILE or FOLDER]'
/** For how long the server is asked to wait until what changed last is copied: longer only where that was too short. */
const pausesMs = [1000, 1000, 1000, 2000, 4000]

/**
 * `npm run backup`: the embedded database in one file, also while the server runs on it. Its folder is copied beside the
 * file, the last changes while the server waits; the copy is opened and written row by row, and the file is read again.
 */
runCommand(async terminal => {
  const { positionals } = readArguments(usage, { allowPositionals: true })
  const config = readConfig(undefined, [])
  if (config.databaseUrl !== null)
    throw new StartError(
      'The database is the PostgreSQL that DATABASE_URL names: back it up with pg_dump, or your provider’s own means.',
    )
  const file = await chooseFile(positionals[0])
  if (!(await hasDatabase(config.dataDir)))
    throw new StartError(
      `There is no database in ${config.dataDir}: DATA_DIR names the server’s data folder.`,
    )
  await access(dirname(file))
  const copy = await mkdtemp(join(dirname(file), '.parley-copy-'))
  terminal.onEnd(() => rm(copy, { recursive: true, force: true }))
  await copyDatabase(config.dataDir, copy, terminal)
  const database = await openDatabase({
    databaseUrl: null,
    folder: copy,
    prepare: async () => {},
    scrub: notNow,
  })
  terminal.onEnd(() => database.close())
  const written = `${file}.partial`
  await rm(written, { force: true })
  terminal.onEnd(() => rm(written, { force: true }))
  const progress = progressOf(terminal, 'Writing')
  await writeBackup(written, readDatabase(database), progress, terminal.signal)
  const { tables, rows } = await check(written, terminal)
  await rename(written, file)
  const { size } = await stat(file)
  terminal.say(`${file}: ${tables} tables, ${rows} rows, ${size} bytes, read again and whole.`)
  if (config.secretKey === null)
    terminal.say(
      `What is sealed in it opens with ${join(config.dataDir, 'secret.key')} only: keep a copy of that file in another place.`,
    )
})

async function chooseFile(chosen = '.'): Promise<string> {
  const path = resolve(chosen)
  const isFolder = await stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const file = isFolder ? join(path, `parley-${time}Z.backup`) : path
  if (existsSync(file)) throw new StartError(`${file} is there already: choose another name, or a folder.`)
  return file
}

async function copyDatabase(folder: string, to: string, terminal: Terminal): Promise<void> {
  const from = join(folder, 'embedded')
  const copied = new Map<string, string>()
  const copy = () => copyFolder(from, join(to, 'embedded'), copied)
  terminal.progress('Copying the database …')
  if (!(await isFolderInUse(folder))) {
    const lock = await lockFolder(folder)
    await copy()
    lock.close()
    return
  }
  await copy()
  for (const limitMs of pausesMs) {
    terminal.progress('Copying what has changed meanwhile …')
    await copy()
    if (await withPaused(folder, limitMs, copy)) return
  }
  throw new StartError(
    'The database changes faster than it can be copied: try again at a quieter time, or stop the server first.',
  )
}

async function check(path: string, terminal: Terminal): Promise<{ tables: number; rows: number }> {
  const progress = progressOf(terminal, 'Reading again')
  const found = { tables: 0, rows: 0 }
  let rowsOfTable = 0
  for await (const entry of readBackup(path)) {
    progress(entry)
    if (entry.kind === 'table') rowsOfTable = 0
    if (entry.kind === 'rows') rowsOfTable += entry.rows.length
    if (entry.kind !== 'end') continue
    if (rowsOfTable !== entry.rows)
      throw new StartError(`${basename(path)} is not what was written: is the disk sound?`)
    found.tables++
    found.rows += rowsOfTable
  }
  return found
}

function progressOf(terminal: Terminal, doing: string): (entry: Entry) => void {
  let table = ''
  let rows = 0
  return entry => {
    if (entry.kind === 'table') table = entry.name
    if (entry.kind === 'rows') rows += entry.rows.length
    terminal.progress(`${doing}: ${rows} rows, ${table}`)
  }
}
