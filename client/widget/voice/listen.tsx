import { Glyph } from '../../ui/glyph.tsx'
import { sound, stop } from '../../ui/glyphs.tsx'
import { languageWords } from '../../ui/i18n.ts'
import { useState, useStore } from '../core/shared.ts'
import { readPreferences, speeds, type VoicePreferences, writePreferences } from './preferences.ts'
import { voiceOf } from './voice.ts'
import { useVoiceStyles, useVoiceWords } from './words.ts'

/** Beside an answer: hear it, and while it sounds how. */
export function Listen({ messageId }: { messageId: string }) {
  const { model, t } = useVoiceWords()
  const voice = voiceOf(model)
  const isPlaying = useStore(voice).playing === messageId
  const button = useVoiceStyles<HTMLButtonElement>()
  const label = t(isPlaying ? 'stop' : 'listen')
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        title={label}
        onClick={() => voice.toggle(messageId)}
      >
        <Glyph of={isPlaying ? stop : sound} size={16} />
      </button>
      {isPlaying && <Manner />}
    </>
  )
}

/** How fast, and in whose voice. */
function Manner() {
  const { model, language, t } = useVoiceWords()
  const { slots, state } = model.client
  const voice = voiceOf(model)
  const [preferences, setPreferences] = useState(() => readPreferences(slots))
  const { speed, voices } = preferences
  // The server's voice is its owner's choice.
  const known = state.session?.features.voice.tts ? [] : voicesFor(languageWords[language].tag)

  function change(next: Partial<VoicePreferences>) {
    writePreferences(slots, next)
    setPreferences({ ...preferences, ...next })
    voice.replay()
  }

  const label = t('speed', { speed })
  return (
    <>
      <button
        type="button"
        class="speed"
        aria-label={label}
        title={label}
        onClick={() => change({ speed: speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1 })}
      >
        {speed}×
      </button>
      {known.length > 1 && (
        <select
          class="voices"
          aria-label={t('voice')}
          value={voices[language] ?? ''}
          onChange={event =>
            change({ voices: { ...voices, [language]: event.currentTarget.value || undefined } })
          }
        >
          <option value="">{t('standardVoice')}</option>
          {known.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </>
  )
}

function voicesFor(tag: string): SpeechSynthesisVoice[] {
  const first = tag.slice(0, 2)
  return speechSynthesis.getVoices().filter(({ lang }) => lang.startsWith(first))
}
