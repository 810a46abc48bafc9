import { invalid } from '#protocol'
import type { VoiceSettings } from '#protocol/chat/voice'
import { actorOf } from '../../../core/call.ts'
import { hasSpeechModels } from '../../../providers/speech/chosen.ts'
import { findModelEnd } from '../../../providers/speech/end-dates.ts'
import { voiceDefaults } from '../../../providers/speech/settings.ts'
import type { Synthesizer, Transcriber } from '../../../providers/speech/speech.ts'
import type { VoiceDeps, VoiceHandlers } from './deps.ts'

/** What the owner sets of speech. */
export function settingsHandlers({
  settings,
  transcriber,
  synthesizer,
  hasLocalVoice,
  findProvider,
}: Pick<VoiceDeps, 'settings' | 'transcriber' | 'synthesizer' | 'hasLocalVoice' | 'findProvider'>) {
  type Choice = Pick<VoiceSettings['speech'], 'source' | 'provider_id' | 'model'>

  /** @throws OperationError VALIDATION_ERROR where nothing could come of it */
  function assertThere(field: 'transcription' | 'speech', choice: Choice | undefined): void {
    if (choice?.source === 'local' && !hasLocalVoice)
      throw invalid(`${field}.source`, 'espeak-ng is not installed on this machine')
    if (choice?.source !== 'provider') return
    const provider = choice.provider_id === null ? undefined : findProvider(choice.provider_id)
    if (!provider || !hasSpeechModels(provider))
      throw invalid(
        `${field}.provider_id`,
        'must be an active provider of the organization that has speech models',
      )
    if (choice.model === null) throw invalid(`${field}.model`, 'is needed')
  }

  function describe(model: Transcriber | Synthesizer | null) {
    if (!model) return null
    const { provider, model: name } = model
    const { ends_on = null, replacement = null } = findModelEnd(model) ?? {}
    return { provider: findProvider(provider)?.name ?? provider, model: name, ends_on, replacement }
  }

  return {
    async 'voice:settings'() {
      await settings.refresh()
      return {
        settings: settings.current(),
        defaults: voiceDefaults,
        transcriber: describe(transcriber()),
        synthesizer: describe(synthesizer()),
        has_local_voice: hasLocalVoice,
      }
    },

    async 'voice:set'(change, call) {
      assertThere('transcription', change.transcription)
      assertThere('speech', change.speech)
      await settings.write(change, actorOf(call))
      return { settings: settings.current() }
    },
  } satisfies Partial<VoiceHandlers>
}
