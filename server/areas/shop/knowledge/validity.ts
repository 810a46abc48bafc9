import type { DocumentDays } from '#storage/shop/knowledge'
import { createZone } from '../../../core/time-zone.ts'
import type { KnowledgeDeps } from './deps.ts'

/** What another node changed is known after so long, where its word of it was lost. */
const freshMs = 5000
const dayMs = 86_400_000
/** Before its last day is over a document is `ending`. */
const endingDays = 14

export type Validity = 'valid' | 'ending' | 'upcoming' | 'expired'

/** From which documents answers may be taken now: days are the shop's. */
export function createValidity({
  storage,
  clock,
  timeZone,
}: Pick<KnowledgeDeps, 'storage' | 'clock' | 'timeZone'>) {
  let bounded: readonly DocumentDays[] = []
  let zone = createZone('UTC')
  let zoneName = 'UTC'
  let expires = 0
  let reading: Promise<void> | null = null

  async function read(): Promise<void> {
    expires = performance.now() + freshMs
    try {
      const [rows, name] = await Promise.all([storage.documents.bounded(), timeZone()])
      bounded = rows
      if (name !== zoneName) [zoneName, zone] = [name, createZone(name)]
    } catch (error) {
      expires = 0
      throw error
    }
  }

  async function refresh(): Promise<void> {
    if (performance.now() < expires) return reading ?? undefined
    reading = read().finally(() => {
      reading = null
    })
    return reading
  }

  function today(): string {
    return dayOf(clock() + zone.offsetAt(clock()))
  }

  function stateOn(day: string, { valid_from, valid_until }: Omit<DocumentDays, 'id'>): Validity {
    if (valid_until && valid_until < day) return 'expired'
    if (valid_from && valid_from > day) return 'upcoming'
    return valid_until && valid_until < dayOf(Date.parse(day) + endingDays * dayMs) ? 'ending' : 'valid'
  }

  return {
    /** The next question reads them anew. */
    refreshSoon(): void {
      expires = 0
    },
    /** Ids of documents that no answer may be taken from now. */
    async excluded(): Promise<string[]> {
      await refresh()
      if (bounded.length === 0) return []
      const day = today()
      return bounded.filter(each => ['expired', 'upcoming'].includes(stateOn(day, each))).map(({ id }) => id)
    },
    /** Ids of those whose days are near their end, and of those whose days are over. */
    async outdated(): Promise<{ ending: string[]; expired: string[] }> {
      await refresh()
      const day = today()
      const idsOf = (state: Validity) =>
        bounded.filter(each => stateOn(day, each) === state).map(({ id }) => id)
      return { ending: idsOf('ending'), expired: idsOf('expired') }
    },
    /** When the last day of a document is over, in milliseconds since the epoch; undefined where it has none. */
    endOf(id: string): number | undefined {
      const last = bounded.find(each => each.id === id)?.valid_until
      return last ? zone.toInstant(Date.parse(last) + dayMs) : undefined
    },
    async stateOf(days: Omit<DocumentDays, 'id'>): Promise<Validity> {
      await refresh()
      return stateOn(today(), days)
    },
  }
}

function dayOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10)
}
