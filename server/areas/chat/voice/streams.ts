import type { Call } from '../../../core/call.ts'
import type { VoiceDeps, VoiceTimings } from './deps.ts'
import { nodeFull, noSuchStream, tooManyStreams } from './refuse.ts'
import { type SoundStore, type StreamOptions, VoiceStream } from './stream.ts'

const personMax = 3
const busyMs = 1000

export interface StreamsParts {
  settings: Pick<VoiceDeps['settings'], 'current'>
  totalBytes: number
  timings: VoiceTimings
}

export type Streams = ReturnType<typeof createStreams>

/** The turns that are being spoken on this node. Every one has a way out by time. */
export function createStreams({ settings, totalBytes, timings }: StreamsParts) {
  const streams = new Map<string, VoiceStream>()
  const store: SoundStore = { heldBytes: 0, maxBytes: totalBytes }

  function open(options: StreamOptions, call: Call): VoiceStream {
    const { language } = call.caller
    const unfinished = [...streams.values()].filter(({ turn }) => turn === null)
    const own = unfinished.filter(({ options: { personId } }) => personId === options.personId)
    // One who was left at a reload makes room for the next.
    const left = own.length < personMax ? undefined : own.find(({ detachedAt }) => detachedAt !== null)
    if (left) remove(left)
    else if (own.length >= personMax) throw tooManyStreams(language, busyMs)
    if (unfinished.length >= settings.current().limits.streams || store.heldBytes >= totalBytes)
      throw nodeFull(language, busyMs)
    const stream = new VoiceStream(options, call, store)
    streams.set(options.id, stream)
    return stream
  }

  /** @throws OperationError NOT_FOUND, as well where it is another's (law S2) */
  function find(id: unknown, { caller, signal }: Call): VoiceStream {
    const stream = streams.get(id as string)
    const isOwn = stream && (stream.call.signal === signal || stream.options.personId === caller.id)
    if (!isOwn) throw noSuchStream()
    return stream
  }

  /** One's own that was begun under the same key. */
  function findByKey({ personId, conversationId, key }: Omit<StreamOptions, 'id'>): VoiceStream | undefined {
    return [...streams.values()].find(
      ({ options }) =>
        options.key === key && options.personId === personId && options.conversationId === conversationId,
    )
  }

  function remove(stream: VoiceStream): void {
    if (!streams.delete(stream.options.id)) return
    stream.abort.abort(new Error('The stream has ended.'))
    stream.release()
  }

  function isOver(stream: VoiceStream, now: number): boolean {
    const { openedAt, activeAt, detachedAt, endedAt, turn } = stream
    if (endedAt !== null) return now - endedAt > timings.endedMs
    if (turn) return false
    const isLeft = detachedAt !== null && now - detachedAt > timings.resumeMs
    return isLeft || now - activeAt > timings.idleMs || now - openedAt > timings.openMs
  }

  function sweep(): void {
    const now = performance.now()
    for (const stream of streams.values()) if (isOver(stream, now)) remove(stream)
  }

  const timer = setInterval(sweep, timings.sweepMs)
  timer.unref()

  return {
    open,
    find,
    findByKey,
    remove,
    countOpen: () => [...streams.values()].filter(({ turn }) => turn === null).length,
    heldBytes: () => store.heldBytes,
    /** Turns that were ended are understood and said before this node goes; what is still spoken is not. */
    async drain(limitMs: number): Promise<void> {
      const ending = [...streams.values()].flatMap(({ turn, sent }) => sent ?? turn ?? [])
      const limit = new Promise(resolve => setTimeout(resolve, limitMs).unref())
      await Promise.race([Promise.allSettled(ending), limit])
      clearInterval(timer)
      for (const stream of streams.values()) remove(stream)
    },
  }
}
