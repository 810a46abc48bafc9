import { type Config, localVoice } from '../../config/config.ts'
import type { AgentFor } from '../stream.ts'
import { createOpenAISynthesizer, createOpenAITranscriber } from './openai.ts'
import type { Synthesizer, Transcriber } from './speech.ts'

export interface Speech {
  transcriber: Transcriber | null
  synthesizer: Synthesizer | null
}

/** What understands and what speaks, by configuration alone. Neither is called here. */
export function createSpeech({ llm, speech }: Pick<Config, 'llm' | 'speech'>, agentFor: AgentFor): Speech {
  const { sttModel, ttsModel, ttsVoices } = speech
  const host = { baseUrl: llm.openaiUrl, apiKey: llm.openaiKey, agentFor }
  return {
    transcriber: sttModel === null ? null : createOpenAITranscriber({ ...host, model: sttModel }),
    synthesizer:
      ttsModel === null || ttsModel === localVoice
        ? null
        : createOpenAISynthesizer({ ...host, model: ttsModel, voices: ttsVoices }),
  }
}
