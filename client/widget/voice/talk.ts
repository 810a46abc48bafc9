import { createTurnTaker, type TurnEffect, type TurnSettings, type TurnTaker } from '../../sdk/voice/index.ts'
import { createAnswers } from './answers.ts'
import { createDetector, createEnergyVoicing, hangoverMs, loudness } from './detector.ts'
import type { Environment } from './environment.ts'
import { loadVoicing } from './fvad.ts'
import { createHearing } from './hearing.ts'
import { type Microphone, MicrophoneError, openMicrophone } from './microphone.ts'
import type { Output } from './output.ts'

/** Hands-free: speak, hear the answer, interrupt it. */
export interface Talk {
  start(): Promise<void>
  stop(): void
}

export function createTalk(environment: Environment, output: Output, settings: TurnSettings): Talk {
  const { model, audio, store } = environment
  let microphone: Microphone | null = null
  /** One that was called off while the microphone opened does not begin. */
  let attempt = 0
  const getTaker = (): TurnTaker => taker
  const answers = createAnswers(environment, output, getTaker)
  const hearing = createHearing({ environment, output, settings, taker: getTaker })

  const actions: Record<TurnEffect, () => void> = {
    open: () => store.set({ mode: 'talking', text: '' }),
    close,
    begin: hearing.begin,
    finish: hearing.finish,
    drop: hearing.drop,
    send: hearing.send,
    stopReply: answers.stopWriting,
    play: output.play,
    pause: output.pause,
    resume: output.play,
    silence: output.stop,
    report: () => store.set({ problem: 'failed' }),
  }
  const taker = createTurnTaker({
    settings,
    perform: effect => actions[effect](),
    onState: turn => store.set({ turn }),
    pauseMs: () => (hearing.isUnfinished() ? settings.unfinishedPauseMs : settings.pauseMs) - hangoverMs,
  })

  function close() {
    attempt++
    microphone?.close()
    microphone = null
    hearing.clear()
    answers.stop()
    environment.setLevel(0)
    store.set({ mode: 'off', text: '' })
  }

  async function open(): Promise<Microphone> {
    let detector = createDetector(createEnergyVoicing())
    loadVoicing(`${model.client.access.url}/${detectorFile}`).then(
      voicing => {
        detector = createDetector(voicing)
      },
      // By loudness alone, then.
      () => {},
    )
    return openMicrophone({
      audio,
      url: model.client.access.url,
      onEnd() {
        taker.dispatch('stop')
        store.set({ problem: 'missing' })
      },
      onFrame(frame) {
        environment.setLevel(loudness(frame))
        hearing.push(frame, detector.push(frame))
      },
    })
  }

  return {
    async start() {
      const current = ++attempt
      store.set({ mode: 'opening', text: '', problem: null })
      try {
        const opened = await open()
        if (current !== attempt) return opened.close()
        microphone = opened
        answers.start()
        taker.dispatch('start')
      } catch (error) {
        if (current !== attempt) return
        const problem = error instanceof MicrophoneError ? error.problem : 'unavailable'
        store.set({ mode: 'off', problem })
      }
    },
    stop() {
      attempt++
      if (taker.state === 'off') store.set({ mode: 'off' })
      taker.dispatch('stop')
    },
  }
}
