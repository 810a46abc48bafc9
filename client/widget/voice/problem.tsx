import { Glyph } from '../../ui/glyph.tsx'
import { close } from '../../ui/glyphs.tsx'
import type { VoiceProblem } from './environment.ts'
import type { Voice } from './voice.ts'
import { useVoiceWords } from './words.ts'

/** Those that another try may overcome. */
const retryable: VoiceProblem[] = ['denied', 'missing', 'busy', 'nothing', 'failed', 'unavailable']

interface Props {
  voice: Voice
  problem: VoiceProblem
}

/** In words; sound that the browser keeps is let out by a tap on them. */
export function ProblemText({ voice, problem }: Props) {
  const { t } = useVoiceWords()
  if (problem !== 'blocked') return <>{t(problem)}</>
  return (
    <button type="button" class="text" onClick={voice.unlock}>
      {t(problem)}
    </button>
  )
}

export function Problem({ voice, problem }: Props) {
  const { t } = useVoiceWords()
  return (
    <div class="voice trouble">
      <p class="utterance" role="alert">
        <ProblemText voice={voice} problem={problem} />
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
