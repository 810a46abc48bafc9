import type { ConversationStore } from '../../sdk/index.ts'
import { type Environment, languageOf } from './environment.ts'
import { createPlayback, type Playback, type PlaybackEvents } from './playback.ts'
import { readPreferences } from './preferences.ts'

/** What is heard: one message at a time. */
export interface Output {
  /** Gets it ready; it sounds with `play`. */
  prepare(conversation: ConversationStore, id: string, events: PlaybackEvents): void
  play(): void
  pause(): void
  stop(): void
  readonly messageId: string | null
}

export function createOutput(environment: Environment): Output {
  let current: { id: string; playback: Playback } | null = null

  function clear() {
    current = null
    environment.store.set({ playing: null })
  }

  return {
    get messageId() {
      return current?.id ?? null
    },
    prepare(conversation, id, events) {
      current?.playback.stop()
      const language = languageOf(environment)
      const { speed, voices } = readPreferences(environment.model.client.slots)
      const isCurrent = () => current?.playback === playback
      const playback = createPlayback({
        client: environment.model.client,
        conversation,
        audio: environment.audio,
        message: { id },
        language,
        speed,
        voice: voices[language],
        unpack: environment.carrier.unpack,
        onSound: () => isCurrent() && events.onSound(),
        onProgress: () => isCurrent() && events.onProgress(),
        onEnd() {
          if (!isCurrent()) return
          clear()
          events.onEnd()
        },
        onFail() {
          if (!isCurrent()) return
          clear()
          events.onFail()
        },
      })
      current = { id, playback }
      environment.store.set({ playing: id })
    },
    play: () => current?.playback.play(),
    pause: () => current?.playback.pause(),
    stop() {
      const stopped = current
      clear()
      stopped?.playback.stop()
    },
  }
}
