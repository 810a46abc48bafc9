import { Glyph } from '../../ui/glyph.tsx'
import { close } from '../../ui/glyphs.tsx'
import type { VoiceProblem } from './environment.ts'
import type { Voice } from './voice.ts'
import { useVoiceWords } from './words.ts'

/** Those that another try may overcome. */
const retryable: VoiceProblem[] = ['denied', 'missing', 'busy', 'nothing', 'failed', 'unavailable']

export function Problem({ voice, problem }: { voice: Voice; problem: VoiceProblem }) {
  const { t } = useVoiceWords()
  return (
    <div class="voice trouble">
      <p class="utterance" role="alert">
        {t(problem)}
      </p>
      {retryable.includes(problem) && (
        <button type="button" class="text" onClick={voice.record}>
          {t('retry')}
        </button>
      )}
      <button
        type="button"
        class="quiet"
        aria-label={t('dismiss')}
        title={t('dismiss')}
        onClick={voice.dismiss}
      >
        <Glyph of={close} />
      </button>
    </div>
  )
}
