import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_buffercache } from '@electric-sql/pglite/contrib/pg_buffercache'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { sessionSettings } from './session.ts'

/** The embedded database, off the main thread, spoken to over a Unix socket by the same driver as a real one. */
const { folder, socket } = workerData as { folder: string; socket: string }

const database = await PGlite.create({ dataDir: folder, extensions: { vector, pg_buffercache } })
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
