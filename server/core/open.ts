import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '#protocol/desk/service'
import { createHealth } from '#storage/engine/health'
import { openDatabase } from '#storage/engine/open'
import type { ScrubTimings } from '#storage/engine/scrub'
import { StartError } from '#storage/engine/start-error'
import { databaseTime } from '#storage/engine/time'
import { sealedKeyIds } from '#storage/identity/secrets'
import type { Timings } from '../areas/chat/reply/generate.ts'
import type { VoiceTimings } from '../areas/chat/voice/index.ts'
import type { HandoffTimings } from '../areas/desk/handoff/deps.ts'
import type { Config } from '../config/config.ts'
import { watchDependency } from '../observability/dependencies.ts'
import { createLog, type Log } from '../observability/log.ts'
import { createMetrics } from '../observability/metrics.ts'
import type { Models } from '../providers/models.ts'
import type { Speech } from '../providers/speech/create.ts'
import { assertRedis } from '../realtime/bus.ts'
import { createSealer } from '../security/encryption.ts'
import { createKeyRing } from '../security/keys.ts'
import { readSecrets } from '../security/secret.ts'
import { type Clock, createDatabaseClock } from './clock.ts'
import { newId } from './ids.ts'
import { noteName } from './incarnation.ts'
import { createLifecycle } from './lifecycle.ts'
import { openWhenThere } from './open-when-there.ts'

/** What a test may put in the place of a part; timings in milliseconds where their names say nothing else. */
export interface Overrides {
  clock?: Clock
  log?: Log
  models?: Partial<Models>
  speech?: Partial<Speech>
  voice?: Partial<VoiceTimings> & { totalBytes?: number }
  timings?: Partial<Timings>
  handoff?: Partial<HandoffTimings>
  scrub?: Partial<ScrubTimings>
  certificatePollMs?: number
  /** How the desk is run until an administrator says otherwise. */
  settings?: Partial<Settings>
  /** Check what handlers answer with against the contract. */
  checkOutput?: boolean
}

/** Between two looks whether the database is there. */
const databasePollMs = 500

export type Core = Awaited<ReturnType<typeof openCore>>

/** What every module is given: settings, log, figures, database, clock, keys, and the order in which all of it closes. */
export async function openCore(config: Config, overrides: Overrides) {
  const lifecycle = createLifecycle()
  const log = overrides.log ?? createLog(config.logLevel)
  const metrics = createMetrics()
  if (config.redisUrl) await assertRedis(config.redisUrl, log)
  const database = await openWhenThere(
    () =>
      openDatabase({
        databaseUrl: config.databaseUrl,
        folder: config.dataDir,
        guarded: overrides.checkOutput,
        scrub: overrides.scrub,
        onScrubbed: pages => log.info({ pages }, 'the space of what was removed is overwritten'),
        onDeath: error => {
          log.fatal({ error }, 'the embedded database died')
          process.exit(1)
        },
      }),
    { hasWorked: config.databaseUrl !== null && existsSync(join(config.dataDir, noteName)), log },
  )
  lifecycle.add({ close: database.close })
  const databaseClock = await createDatabaseClock(() => databaseTime(database))
  lifecycle.add({ close: databaseClock.close })
  if (database.kind === 'postgres')
    lifecycle.add(
      watchDependency({
        name: 'database',
        answers: database.answers,
        pollMs: databasePollMs,
        metrics,
        log,
      }),
    )
  const keyRing = createKeyRing(await readSecrets(config))
  const sealer = createSealer(keyRing)
  if (!(await sealedKeyIds(database)).every(sealer.hasKey))
    throw new StartError(
      'SECRET_KEY does not fit what this database has sealed: set the one it was sealed by, or give that as SECRET_KEY_PREVIOUS and run npm run rotate-key.',
    )
  return {
    config,
    overrides,
    lifecycle,
    log,
    metrics,
    database,
    databaseState: createHealth(database, config.dataDir),
    /** The database's, in milliseconds since the epoch: all nodes go by it. */
    databaseClock: databaseClock.now,
    clock: overrides.clock ?? databaseClock.now,
    nodeId: newId(),
    keyRing,
    sealer,
  }
}
