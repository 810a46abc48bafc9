import { loudness } from './detector.ts'
import { beginSegment, type Environment, hasServerEars, say } from './environment.ts'
import { type Microphone, MicrophoneError, openMicrophone } from './microphone.ts'
import type { Segment } from './segment.ts'

/** Press and speak: what is said becomes words, to be put right or sent at once. */
export interface Recorder {
  start(): Promise<void>
  /** @returns the words; null where there are none, and the person is told why */
  finish(): Promise<string | null>
  send(): Promise<void>
  cancel(): void
}

export function createRecorder(environment: Environment): Recorder {
  const { model, audio, store } = environment
  let microphone: Microphone | null = null
  let segment: Segment | null = null
  /** Another one takes the place of what was called off. */
  let take = 0

  function release() {
    take++
    microphone?.close()
    microphone = null
    environment.setLevel(0)
  }

  function fail(problem: Parameters<typeof store.set>[0]['problem']) {
    release()
    segment?.drop()
    segment = null
    store.set({ mode: 'off', text: '', problem })
  }

  async function start() {
    release()
    const current = take
    store.set({ mode: 'opening', text: '', problem: null })
    try {
      const opened = hasServerEars(environment)
        ? await openMicrophone({
            audio,
            url: model.client.access.url,
            onEnd: () => fail('missing'),
            onFrame(frame) {
              environment.setLevel(loudness(frame))
              segment?.push(frame)
            },
          })
        : null
      if (current !== take) return opened?.close()
      microphone = opened
      segment = beginSegment(environment, {
        onText: text => store.set({ text }),
        onFail: () => fail('failed'),
      })
      store.set({ mode: 'recording' })
    } catch (error) {
      if (current === take) fail(error instanceof MicrophoneError ? error.problem : 'unavailable')
    }
  }

  async function finish(): Promise<string | null> {
    if (!segment || store.get().mode !== 'recording') return null
    release()
    const current = take
    store.set({ mode: 'transcribing' })
    try {
      const text = (await segment.finish()).trim()
      if (current !== take) return null
      store.set({ mode: 'off', text: '', problem: text ? null : 'nothing' })
      return text || null
    } catch {
      if (current === take) fail('failed')
      return null
    }
  }

  return {
    start,
    finish,
    async send() {
      const spoken = segment
      const text = await finish()
      if (text && spoken) await say(environment, spoken, text)
    },
    cancel() {
      release()
      segment?.drop()
      segment = null
      store.set({ mode: 'off', text: '', problem: null })
    },
  }
}
