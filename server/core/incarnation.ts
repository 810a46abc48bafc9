import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { makeFolder } from '#storage/engine/make-folder'
import type { IncarnationStorage } from '#storage/realtime/incarnation'
import { repeat } from '../jobs/schedule.ts'
import type { Log } from '../observability/log.ts'

export interface IncarnationParts {
  storage: IncarnationStorage
  /** Gives a sign of life of this node. @returns how many it has given */
  beat(): Promise<number>
  dataDir: string
  log: Log
}

/** A third of what a node's lease lasts. */
const beatMs = 1000
/** What is kept outside the database of how far it was is at most this old after a crash. */
const positionNoteMs = 10_000
/** In the data folder of a node that has worked with a database. */
export const noteName = 'incarnation.json'
const noted = v.object({ position: v.number() })

/**
 * The life of the database that this node works with. A dump or a copy that is put back is seen by the database itself;
 * a snapshot of its volume, by what it no longer has: signs of life this node has given, or the position noted in its data
 * folder.
 */
export async function openIncarnation({ storage, beat, dataDir, log }: IncarnationParts) {
  const renewed: (() => void)[] = []
  let isIdle = () => false
  const file = join(dataDir, noteName)
  let id = await begin()
  let beats = await beat()
  let position = await storage.position()
  let notedAt = performance.now()
  let refreshing: Promise<void> | null = null

  async function begin(): Promise<string> {
    const [found, position, before] = await Promise.all([storage.find(), storage.position(), readNote(file)])
    // Whatever its name: a restored row has that of its time. Another database in its place begins a life for nothing, once.
    const isBehind = before !== null && position !== null && position < before.position
    return isBehind ? storage.renew(found) : found
  }

  async function writePosition(): Promise<void> {
    const own = `${file}.${process.pid}`
    const position = await storage.position()
    if (position === null) return
    try {
      await makeFolder(dataDir)
      await writeFile(own, JSON.stringify({ position }))
      await rename(own, file)
    } catch (error) {
      log.warn({ error }, 'how far the database was could not be noted in DATA_DIR')
    }
  }

  async function check(): Promise<void> {
    const beatCount = await beat()
    const [found, reached] = await Promise.all([storage.find(), storage.position()])
    // Either alone may be missed: signs of life whose answers were lost count too, and a copy soon writes on.
    const isPutBack = beatCount <= beats || (reached !== null && position !== null && reached < position)
    const current = found === id && isPutBack ? await storage.renew(found) : found
    const isRenewed = current !== id
    id = current
    beats = beatCount
    position = reached
    if (isRenewed) {
      log.warn('the database was restored: connected clients begin anew')
      for (const listener of renewed) listener()
    }
    if (!isRenewed && performance.now() - notedAt < positionNoteMs) return
    notedAt = performance.now()
    await writePosition()
  }

  /** Looks now. Rejects while the database is away. */
  function refresh(): Promise<void> {
    refreshing ??= check().finally(() => {
      refreshing = null
    })
    return refreshing
  }

  await writePosition()
  const stop = repeat(async () => (isIdle() ? undefined : refresh()), beatMs, log)
  return {
    get id() {
      return id
    },
    refresh,
    /** What is known of the database is of another life. */
    onRenewed(listener: () => void): void {
      renewed.push(listener)
    },
    /** While nobody else can have the database, and nothing is judged by signs of life, none are given. */
    restWhile(isTrue: () => boolean): void {
      isIdle = isTrue
    },
    async close(): Promise<void> {
      await stop()
      await writePosition().catch(() => {})
    },
  }
}

async function readNote(file: string): Promise<v.InferOutput<typeof noted> | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), noted), text)
  return parsed.success ? parsed.output : null
}
