import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/** The embedded database, off the main thread, spoken to over a Unix socket by the same driver as a real one. */
const { folder, socket } = workerData as { folder: string; socket: string }

const database = await PGlite.create({ dataDir: folder, extensions: { vector } })
// As in open.ts: what is asked for again and again is planned once.
await database.exec("set plan_cache_mode = 'force_generic_plan'")
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 1 })
await server.start()

parentPort!.once('message', async () => {
  await server.stop()
  await database.close()
  parentPort!.postMessage('closed')
})
parentPort!.postMessage('open')
