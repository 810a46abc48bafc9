import { isFiller, soundsUnfinished } from '../../sdk/voice/index.ts'
import { hangoverMs } from './detector.ts'
import { conversationOf, type Environment, languageOf, say } from './environment.ts'
import { createPieces, type HearingParts } from './pieces.ts'

/** What the person says, and whether there is anything to answer in it. */
export interface Hearing {
  /** 20 ms, with what the detector made of it. */
  push(frame: Int16Array, change: 'voice' | 'quiet' | null): void
  begin(): void
  finish(): void
  drop(): void
  /** All that was understood becomes a message. */
  send(): void
  /** Whether what is understood so far sounds as if more were to come. */
  isUnfinished(): boolean
  clear(): void
}

export function createHearing(parts: HearingParts): Hearing {
  const { environment, settings, taker } = parts
  const pieces = createPieces(parts)
  let quietAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const isUnfinished = () => soundsUnfinished(pieces.text(), languageOf(environment))

  /** Once all that was said is understood. */
  function judge() {
    clearTimeout(timer)
    if (!pieces.isWhole() || taker().state === 'off') return
    const restMs = quietAt + settings.unfinishedPauseMs - performance.now()
    if (restMs > 0 && taker().state === 'transcribing' && isUnfinished()) {
      timer = setTimeout(judge, restMs)
      return
    }
    const isNothing = isFiller(pieces.text(), pieces.isOverAnswer())
    if (isNothing) pieces.clear()
    taker().dispatch(isNothing ? 'filler' : 'words')
  }

  return {
    push(frame, change) {
      if (change === 'quiet') quietAt = performance.now() - hangoverMs
      pieces.push(frame, change)
    },
    begin() {
      clearTimeout(timer)
      environment.store.set({ problem: null })
      pieces.begin()
    },
    finish: () => void pieces.finish().then(judge),
    drop: pieces.drop,
    isUnfinished,
    send() {
      const text = pieces.text()
      const last = pieces.clear()
      if (!last || !text) return
      void say(environment, last, text)
      if (!isAnsweredByAi(environment)) taker().dispatch('end')
    },
    clear() {
      clearTimeout(timer)
      pieces.drop()
      pieces.clear()
    },
  }
}

/** A person answers when they do. */
function isAnsweredByAi(environment: Environment): boolean {
  return (conversationOf(environment).get().conversation?.mode ?? 'ai') === 'ai'
}
