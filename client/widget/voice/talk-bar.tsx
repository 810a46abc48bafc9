import type { TurnState } from '../../sdk/voice/index.ts'
import { useEffect, useRef, useStore } from '../core/shared.ts'
import { Meter } from './meter.tsx'
import { ProblemText } from './problem.tsx'
import type { Voice } from './voice.ts'
import { useVoiceWords, type Words } from './words.ts'

/** What the person is told of each: three things go on. */
const labels: Record<TurnState, keyof Words> = {
  off: 'off',
  listening: 'listening',
  hearing: 'listening',
  pausing: 'listening',
  transcribing: 'thinking',
  thinking: 'thinking',
  reopening: 'listening',
  rechecking: 'thinking',
  speaking: 'speaking',
  overlapping: 'speaking',
  interrupted: 'listening',
  verifying: 'listening',
}

/** Hands-free: what goes on, what is understood, and one button that ends it all. */
export function TalkBar({ voice }: { voice: Voice }) {
  const { t } = useVoiceWords()
  const { turn, text, problem } = useStore(voice)
  const main = useRef<HTMLButtonElement>(null)
  const label = labels[turn]
  useEffect(() => main.current?.focus(), [])
  const hint = label === 'speaking' ? t('mayInterrupt') : turn === 'listening' ? t('sayNow') : ''
  return (
    <fieldset
      class={`voice talk ${label}`}
      aria-label={t('handsFree')}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        voice.stop()
      }}
    >
      <Meter voice={voice} />
      <div class="utterance" dir="auto">
        <strong role="status">{t(label)}</strong>
        {problem ? (
          <p class="problem" role="alert">
            <ProblemText voice={voice} problem={problem} />
          </p>
        ) : (
          <p>{text || hint}</p>
        )}
      </div>
      <button ref={main} type="button" class="end" title={t('endHint')} onClick={voice.stop}>
        {t('end')}
      </button>
    </fieldset>
  )
}
