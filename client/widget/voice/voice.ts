import { createStore } from '../../sdk/store.ts'
import { turnSettings } from '../../sdk/voice/index.ts'
import type { Model } from '../core/model.ts'
import { carryBinary } from './binary.ts'
import { conversationOf, type Environment, silent, type VoiceState } from './environment.ts'
import { createOutput } from './output.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { createTalk } from './talk.ts'

/** All of one visitor's speaking and listening on this page. */
export interface Voice extends Omit<Recorder, 'start'> {
  get(): VoiceState
  subscribe(listener: (state: VoiceState) => void): () => void
  /** Calls with how loud the microphone is, 0 to 1, at each frame; returns the way out. */
  onLevel(listener: (level: number) => void): () => void
  /** In a tap, which lets sound out. */
  record(): void
  talk(): void
  /** Everything off, at once. */
  stop(): void
  /** Plays a message, or no longer. */
  toggle(messageId: string): void
  /** Begins the message that is playing anew: with another speed, or another voice. */
  replay(): void
  dismiss(): void
  /** In another tap, where the browser kept the sound from the first. */
  unlock(): void
  /** It is shown; without a place where it can be switched off, it is off. @returns how to leave */
  attach(): () => void
}

const voices = new WeakMap<Model, Voice>()
/** After a tap that should let sound out. */
const unlockMs = 700

/**
 * What the first tap was for.
 * @param audio made in it, as phones let sound out in a tap alone
 * @param messageId to be heard; without one the visitor wants to speak
 */
export function begin(model: Model, audio: AudioContext, messageId?: string): void {
  const voice = voiceOf(model, audio)
  if (messageId) voice.toggle(messageId)
  else voice.record()
}

export function voiceOf(model: Model, audio?: AudioContext): Voice {
  const voice = voices.get(model) ?? createVoice(model, audio ?? new AudioContext())
  voices.set(model, voice)
  return voice
}

function createVoice(model: Model, audio: AudioContext): Voice {
  const store = createStore<VoiceState>(silent)
  const listeners = new Set<(level: number) => void>()
  const environment: Environment = {
    model,
    audio,
    store,
    carrier: carryBinary(model.client),
    setLevel(level) {
      for (const listener of listeners) listener(level)
    },
  }
  const output = createOutput(environment)
  const recorder = createRecorder(environment)
  const talk = createTalk(
    environment,
    output,
    turnSettings(model.client.state.session?.features.voice.turn_taking),
  )
  let places = 0

  /** Phones let sound out only in a tap, and some not even then. */
  function unlock() {
    const waited = new Promise(resolve => setTimeout(resolve, unlockMs))
    void Promise.race([audio.resume(), waited]).then(() => {
      if (audio.state !== 'running') store.set({ problem: 'blocked' })
      else if (store.get().problem === 'blocked') store.set({ problem: null })
    })
  }

  function listen(messageId: string) {
    output.prepare(conversationOf(environment), messageId, {
      onSound: () => {},
      onProgress: () => {},
      onEnd: () => {},
      onFail: () => store.set({ problem: 'noSound' }),
    })
    output.play()
  }

  function stop() {
    talk.stop()
    recorder.cancel()
    output.stop()
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    onLevel(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    record() {
      unlock()
      output.stop()
      void recorder.start()
    },
    finish: recorder.finish,
    send: recorder.send,
    cancel: recorder.cancel,
    talk() {
      unlock()
      recorder.cancel()
      output.stop()
      void talk.start()
    },
    stop,
    toggle(messageId) {
      unlock()
      store.set({ problem: null })
      if (output.messageId === messageId) output.stop()
      else listen(messageId)
    },
    unlock,
    replay() {
      const { messageId } = output
      if (messageId) listen(messageId)
    },
    dismiss: () => store.set({ problem: null }),
    attach() {
      places++
      return () => {
        places--
        // Another conversation may take the place of this one in the same breath.
        setTimeout(() => places === 0 && stop())
      }
    },
  }
}
