import { once } from 'node:events'
import { access, mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { makeFolder } from './make-folder.ts'
import { folderStartError, StartError } from './start-error.ts'

/** What PGlite writes into PG_VERSION. */
const embeddedVersion = '18'
/** A database of its own needs more than this to begin, in bytes. */
const roomBytes = 64 * 1024 * 1024

export interface EmbeddedDatabase {
  /** The folder that holds the Unix socket, as the driver's `host`. */
  socketFolder: string
  /** Called when the database died on its own; without it the process has nothing to go on with. */
  onDeath(report: (error: Error) => void): void
  close(): Promise<void>
}

/**
 * Opens PGlite in `folder`, in a worker thread.
 * @throws StartError when the folder cannot be used, or another living process has it open; a dead one's lock is taken over.
 */
export async function openEmbedded(folder: string): Promise<EmbeddedDatabase> {
  const { lock, isNew } = await claimFolder(folder)
  // Short and private: a socket path may have 108 bytes, and nobody else may connect.
  const socketFolder = await mkdtemp(join(tmpdir(), 'parley-'))
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: { folder: join(folder, 'embedded'), socket: join(socketFolder, '.s.PGSQL.5432') },
  })
  async function release() {
    await worker.terminate()
    await new Promise(resolve => lock.close(resolve))
    await rm(socketFolder, { recursive: true, force: true })
  }
  try {
    await once(worker, 'message')
  } catch (error) {
    await release()
    const why = await whyUnopened(error, folder)
    // Half of a database is in the way of the next start.
    if (isNew) await rm(join(folder, 'embedded'), { recursive: true, force: true })
    throw why
  }
  let report: ((error: Error) => void) | undefined
  worker.on('error', error => report?.(error as Error))
  return {
    socketFolder,
    onDeath(next) {
      report = next
    },
    async close() {
      report = undefined
      const closed = once(worker, 'message')
      worker.postMessage('close')
      await closed
      await release()
    },
  }
}

async function claimFolder(folder: string): Promise<{ lock: Server; isNew: boolean }> {
  const files = join(folder, 'embedded')
  try {
    // Its files are readable by everybody: the folder is not.
    await makeFolder(files)
    await assertVersion(files)
    const lock = await lockFolder(folder)
    return { lock, isNew: (await readdir(files)).length === 0 }
  } catch (error) {
    throw folderStartError(error, folder)
  }
}

/** Another version's files would only be found out by a crash, and files without one look like a folder to fill. */
async function assertVersion(files: string): Promise<void> {
  const names = await readdir(files).catch(() => [])
  if (names.length === 0) return
  const version = (await readFile(join(files, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version === '') throw damaged(files)
  if (version !== embeddedVersion)
    throw new StartError(
      `The embedded database in ${files} is of PostgreSQL ${version}, this program has ${embeddedVersion}: start the version of Parley that made it.`,
    )
}

/** PGlite ends with an abort, whatever is wrong. */
async function whyUnopened(error: unknown, folder: string): Promise<Error> {
  const files = join(folder, 'embedded')
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < roomBytes)
    return folderStartError(Object.assign(new Error('', { cause: error }), { code: 'ENOSPC' }), folder)
  return damaged(files, error)
}

function damaged(files: string, cause?: unknown): StartError {
  return new StartError(
    `The embedded database in ${files} is damaged or incomplete: put a backup in its place, or move the folder away to begin anew.`,
    { cause },
  )
}

/** The lock is a listening socket: the kernel drops it with its process, whatever ended it, and no pid can be mistaken. */
export async function lockFolder(folder: string): Promise<Server> {
  const path = lockPath(folder)
  for (let attempt = 0; ; attempt++) {
    const server = createServer(socket => socket.destroy())
    server.listen(path)
    try {
      await once(server, 'listening')
      server.unref()
      return server
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === 2) throw error
    }
    if (await isFolderInUse(folder))
      throw new StartError(`The data folder ${folder} is in use by another running server.`)
    await rm(path, { force: true })
  }
}

/** A socket's path may have 108 bytes. */
function lockPath(folder: string): string {
  return relative(process.cwd(), join(folder, 'lock'))
}

/** Whether there is a database in the data folder. */
export async function hasDatabase(folder: string): Promise<boolean> {
  try {
    await access(join(folder, 'embedded', 'PG_VERSION'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Whether a living process holds the lock. */
export async function isFolderInUse(folder: string): Promise<boolean> {
  const socket = connect(lockPath(folder))
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
