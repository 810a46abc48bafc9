import { StartError } from '#storage/engine/start-error'
import { type Config, localVoice } from '../../config/config.ts'
import type { AgentFor } from '../stream.ts'
import { createEspeak, findEspeak } from './espeak.ts'
import { createOpenAISynthesizer, createOpenAITranscriber } from './openai.ts'
import type { Synthesizer, Transcriber } from './speech.ts'

export interface Speech {
  transcriber: Transcriber | null
  synthesizer: Synthesizer | null
}

/**
 * What understands and what speaks, by configuration alone. Neither is called here.
 * @throws StartError where this machine has not the voice that is asked for
 */
export function createSpeech({ llm, speech }: Pick<Config, 'llm' | 'speech'>, agentFor: AgentFor): Speech {
  const { sttModel, isSttLive: isLive, ttsModel, ttsVoices } = speech
  const host = { baseUrl: llm.openaiUrl, apiKey: llm.openaiKey, agentFor }
  const transcriber = sttModel === null ? null : createOpenAITranscriber({ ...host, model: sttModel, isLive })
  if (ttsModel === null) return { transcriber, synthesizer: null }
  if (ttsModel !== localVoice)
    return {
      transcriber,
      synthesizer: createOpenAISynthesizer({ ...host, model: ttsModel, voices: ttsVoices }),
    }
  const path = findEspeak()
  if (path === null)
    throw new StartError(
      `TTS_MODEL is '${localVoice}', which is not installed here: install it, or set TTS_MODEL to a model of your host or to none.`,
    )
  return { transcriber, synthesizer: createEspeak(path) }
}
