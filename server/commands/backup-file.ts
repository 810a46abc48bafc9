import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { StartError } from '#storage/engine/start-error'
import { backupVersion, type Entry } from '#storage/transfer/backup'

const magic = 'parley_backup'

/** Writes a backup: lines of JSON, compressed. On the disk once this resolves. */
export async function writeBackup(
  path: string,
  entries: AsyncIterable<Entry>,
  onEntry: (entry: Entry) => void,
  signal: AbortSignal,
): Promise<void> {
  async function* lines() {
    for await (const entry of entries) {
      yield `${lineOf(entry)}\n`
      onEntry(entry)
    }
  }
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  await pipeline(lines, createGzip({ level: 3 }), file, { signal })
  const handle = await open(path, 'r+')
  await handle.sync()
  await handle.close()
}

/** @throws StartError when it is no backup, of another version, or not whole */
export async function* readBackup(path: string): AsyncGenerator<Entry> {
  let last: Entry | null = null
  for await (const line of linesOf(path)) {
    const entry = entryOf(line, path)
    if (last === null && entry.kind !== 'begin') throw notOurs(path)
    if (entry.kind === 'begin' && entry.version !== backupVersion)
      throw new StartError(`${path} was made by a newer Parley.`)
    yield entry
    last = entry
  }
  if (last?.kind !== 'complete') throw cutOff(path)
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const unpacked = createGunzip()
  unpacked.setEncoding('utf8')
  file.on('error', error => unpacked.destroy(error))
  let rest = ''
  try {
    for await (const text of file.pipe(unpacked)) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw cutOff(path)
    if (code?.startsWith('Z_')) throw notOurs(path)
    throw error
  } finally {
    file.destroy()
  }
}

function lineOf(entry: Entry): string {
  if (entry.kind === 'begin') return JSON.stringify({ [magic]: entry.version, ...entry })
  return JSON.stringify(entry)
}

function entryOf(line: string, path: string): Entry {
  try {
    return JSON.parse(line)
  } catch {
    throw notOurs(path)
  }
}

function notOurs(path: string): StartError {
  return new StartError(`${path} is not a backup of Parley.`)
}

function cutOff(path: string): StartError {
  return new StartError(`${path} is cut off: it is not a whole backup.`)
}
