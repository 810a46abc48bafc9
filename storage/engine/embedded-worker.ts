import { readdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_buffercache } from '@electric-sql/pglite/contrib/pg_buffercache'
import { vector } from '@electric-sql/pglite-pgvector'
import { dataDir } from '@electric-sql/pglite-prepopulatedfs'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { sessionSettings } from './session.ts'

/** The embedded database, off the main thread, spoken to over a Unix socket by the same driver as a real one. */
const { folder, socket } = workerData as { folder: string; socket: string }

const database = await PGlite.create({
  dataDir: folder,
  // Making an empty database takes 650 MB of memory (initdb, a second PGlite and a copy of it); unpacking one does not.
  loadDataDir: readdirSync(folder).length === 0 ? await dataDir() : undefined,
  startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${sharedBuffersMb()}MB`],
  extensions: { vector, pg_buffercache },
})
for (const [name, value] of Object.entries(sessionSettings))
  await database.query('select set_config($1, $2, false)', [name, value])
// What engine/scrub.ts relies on: no buffer brings back what it overwrites, and no file of the log keeps what it held.
await database.exec('create extension if not exists pg_buffercache; set wal_recycle = off')
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 1 })
await server.start()

parentPort!.once('message', async () => {
  await server.stop()
  await database.close()
  parentPort!.postMessage('closed')
})
parentPort!.postMessage('open')

/** PGlite touches all of its shared buffers at once: a sixteenth of the memory there is, up to PostgreSQL's own 128 MB. */
function sharedBuffersMb(): number {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return Math.min(128, Math.max(16, Math.round(bytes / 16 / 1024 ** 2)))
}
