import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StartError } from './start-error.ts'

export interface EmbeddedDatabase {
  /** The folder that holds the Unix socket, as the driver's `host`. */
  socketFolder: string
  /** Called when the database died on its own; without it the process has nothing to go on with. */
  onDeath(report: (error: Error) => void): void
  close(): Promise<void>
}

/**
 * Opens PGlite in `folder`, in a worker thread.
 * @throws StartError when another living process has the folder open; a dead one's lock is taken over.
 */
export async function openEmbedded(folder: string): Promise<EmbeddedDatabase> {
  await mkdir(folder, { recursive: true })
  const lock = await lockFolder(folder)
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
    throw error
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

/** The lock is a listening socket: the kernel drops it with its process, whatever ended it, and no pid can be mistaken. */
async function lockFolder(folder: string): Promise<Server> {
  const path = relative(process.cwd(), join(folder, 'lock'))
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
    if (await answers(path))
      throw new StartError(`The data folder ${folder} is in use by another running server.`)
    await rm(path, { force: true })
  }
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
