import type { VoiceSettings } from '#protocol/chat/voice'
import type { ProviderRow } from '#storage/models/provider'
import type { Registry } from '../registry.ts'
import type { AgentFor } from '../stream.ts'
import type { Speech } from './create.ts'
import { createEspeak } from './espeak.ts'
import { createOpenAISynthesizer, createOpenAITranscriber } from './openai.ts'
import type { Synthesizer, Transcriber } from './speech.ts'

export interface ChosenSpeechParts {
  settings(): VoiceSettings
  /** What the environment names. */
  environment: Speech
  registry: Pick<Registry, 'find' | 'keyOf'>
  /** Where espeak-ng stands; null where it is not installed. */
  espeakPath: string | null
  agentFor: AgentFor
  /** What stands around what is paid for. */
  guard: {
    transcriber(transcriber: Transcriber): Transcriber
    synthesizer(synthesizer: Synthesizer): Synthesizer
  }
}

/** Those that have speech models at all. */
export function hasSpeechModels({ provider_type, scope, is_active }: ProviderRow): boolean {
  return scope === 'organization' && is_active && provider_type !== 'anthropic' && provider_type !== 'ollama'
}

/** What understands and what speaks, as the owner has set it: made anew when that, or its provider, is another. */
export function createChosenSpeech(parts: ChosenSpeechParts) {
  const { settings, environment, registry, espeakPath, guard } = parts
  const local = espeakPath === null ? null : createEspeak(espeakPath)

  /** Null where it is gone, or switched off. */
  function findHost(providerId: string | null) {
    const row = providerId === null ? undefined : registry.find(providerId)
    return row && hasSpeechModels(row) ? row : null
  }

  const connection = (row: ProviderRow) => ({
    baseUrl: row.api_base_url,
    apiKey: registry.keyOf(row),
    isAzure: row.provider_type === 'azure',
    agentFor: parts.agentFor,
  })

  function makeTranscriber(
    { source, model, live }: VoiceSettings['transcription'],
    row: ProviderRow | null,
  ): Transcriber | null {
    if (source === 'environment') return environment.transcriber
    if (source === 'none' || !row || model === null) return null
    return { ...createOpenAITranscriber({ ...connection(row), model, isLive: live }), provider: row.id }
  }

  function makeSynthesizer(
    { source, model, voices }: VoiceSettings['speech'],
    row: ProviderRow | null,
  ): Synthesizer | null {
    const made =
      source === 'environment'
        ? environment.synthesizer
        : source === 'local'
          ? local
          : source === 'provider' && row && model !== null
            ? { ...createOpenAISynthesizer({ ...connection(row), model }), provider: row.id }
            : null
    return made && withVoices(made, voices)
  }

  const transcription = remember(
    () => settings().transcription,
    findHost,
    (setting, row) => {
      const made = makeTranscriber(setting, row)
      return made && { own: made, guarded: guard.transcriber(made) }
    },
  )
  const speech = remember(
    () => settings().speech,
    findHost,
    (setting, row) => {
      const made = makeSynthesizer(setting, row)
      return made && { own: made, guarded: guard.synthesizer(made) }
    },
  )

  return {
    transcriber: () => transcription()?.guarded ?? null,
    synthesizer: () => speech()?.guarded ?? null,
    /** Those that are paid for. */
    paidModels: () =>
      [transcription()?.own, speech()?.own].filter(
        (model): model is Transcriber | Synthesizer => model?.hostUrl !== undefined,
      ),
    hasLocalVoice: local !== null,
  }
}

/** The last that was made, for as long as it would be made the same. */
function remember<S extends { provider_id: string | null }, M>(
  read: () => S,
  findHost: (providerId: string | null) => ProviderRow | null,
  make: (setting: S, row: ProviderRow | null) => M,
): () => M {
  let last: { setting: S; row: ProviderRow | null; made: M } | null = null
  return () => {
    const setting = read()
    const row = findHost(setting.provider_id)
    const isSame =
      last !== null &&
      last.row?.id === row?.id &&
      last.row?.updated_at === row?.updated_at &&
      (last.setting === setting || JSON.stringify(last.setting) === JSON.stringify(setting))
    if (isSame) last!.setting = setting
    else last = { setting, row, made: make(setting, row) }
    return last!.made
  }
}

/** The owner's voice for a language, where nobody asks for another. */
function withVoices(synthesizer: Synthesizer, voices: VoiceSettings['speech']['voices']): Synthesizer {
  if (voices.en === null && voices.zh === null) return synthesizer
  return {
    ...synthesizer,
    speak: (text, options, signal) =>
      synthesizer.speak(
        text,
        { ...options, voice: options.voice ?? voices[options.language] ?? undefined },
        signal,
      ),
  }
}
