import { useEffect, useRef, useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { triedQuestionMaxLength } from '#protocol/core/limits'
import { plainText } from '../../../ui/markdown.ts'
import { useAction, useConsole } from '../../context.ts'
import { SelectField } from '../../fields.tsx'
import { MicrophoneRefused, type Recording, startRecording } from './recording.ts'
import { translator } from './words.ts'

type Heard = OperationOutput<'voice:try'>
type Spoken = OperationOutput<'speech:try'> & { url: string | null }
type Step = 'idle' | 'recording' | 'understanding' | 'answering' | 'speaking'

/** Speak, read what was understood, and hear what is answered; what fails is said where it fails. */
export function Try() {
  const { session, language: own, t } = useConsole(translator)
  const [language, setLanguage] = useState(own)
  const [step, setStep] = useState<Step>('idle')
  const [heard, setHeard] = useState<Heard | null>(null)
  const [answer, setAnswer] = useState<string | null>(null)
  const [spoken, setSpoken] = useState<Spoken | null>(null)
  const [refused, setRefused] = useState<MicrophoneRefused['reason'] | null>(null)
  const recording = useRef<Recording | null>(null)
  const { run } = useAction()
  useEffect(() => () => recording.current?.cancel(), [])
  useEffect(() => () => void (spoken?.url && URL.revokeObjectURL(spoken.url)), [spoken])

  const seconds = useSeconds(step === 'recording')
  async function record() {
    setRefused(null)
    setHeard(null)
    setAnswer(null)
    setSpoken(null)
    try {
      recording.current = await startRecording()
      setStep('recording')
    } catch (thrown) {
      if (!(thrown instanceof MicrophoneRefused)) throw thrown
      setRefused(thrown.reason)
    }
  }

  async function ask() {
    const file = await recording.current!.finish()
    recording.current = null
    setStep('understanding')
    const understood = await session.call('voice:try', { file, language })
    setHeard(understood)
    if (understood.text === null) return
    setStep('answering')
    const question = understood.text.slice(0, triedQuestionMaxLength)
    const { answer: found } = await session.call('question:explain', { question, language, context: {} })
    setAnswer(found?.text ?? t('noAnswer'))
    // Where there is nothing to say, one's own words are a sound as well.
    const words = found?.text ?? understood.text
    setStep('speaking')
    const sound = await session.call('speech:try', { text: plainText(words).slice(0, 2000), language })
    const blob = sound.audio_id && (await session.file('speech:audio', { audio_id: sound.audio_id }))
    setSpoken({ ...sound, url: blob ? URL.createObjectURL(blob) : null })
  }

  const isBusy = step !== 'idle' && step !== 'recording'
  return (
    <section class="card voice-try">
      <h2>{t('tryTitle')}</h2>
      <p class="muted">{t('tryText')}</p>
      <div class="row-acts">
        <SelectField
          label={t('language')}
          value={language}
          options={[
            ['en', t('english')],
            ['zh', t('chinese')],
          ]}
          onSelect={setLanguage}
        />
        <button
          type="button"
          class="button primary"
          aria-busy={isBusy}
          disabled={isBusy}
          onClick={() => void run(step === 'idle' ? record : () => ask().finally(() => setStep('idle')))}
        >
          {t(step === 'idle' ? 'record' : step, { seconds })}
        </button>
      </div>
      <div class="voice-try" aria-live="polite">
        {refused && <p class="problem">{t(`mic${refused}`)}</p>}
        {heard && (
          <Outcome title={t('heard')} of={heard}>
            <p class="words">{heard.text}</p>
            <small class="muted">
              {t('heardIn', { seconds: ((heard.duration_ms ?? 0) / 1000).toFixed(1), ms: heard.took_ms })}
            </small>
          </Outcome>
        )}
        {answer !== null && (
          <div>
            <strong>{t('answer')}</strong>
            <p class="words">{plainText(answer)}</p>
            {spoken && (
              <Outcome of={spoken}>
                {/* biome-ignore lint/a11y/useMediaCaption: its words stand above it */}
                <audio controls autoPlay src={spoken.url ?? undefined} />
                <small class="muted">{t('soundIn', { ms: spoken.first_sound_ms ?? spoken.took_ms })}</small>
              </Outcome>
            )}
          </div>
        )}
      </div>
    </section>
  )
}

/** Whole seconds since something began. */
function useSeconds(isRunning: boolean): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    setSeconds(0)
    if (!isRunning) return
    const timer = setInterval(() => setSeconds(passed => passed + 1), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return seconds
}

interface OutcomeProps {
  title?: string
  of: Pick<Heard, 'fault' | 'problem'>
  children: preact.ComponentChildren
}

/** What came of a step; or why nothing did. */
function Outcome({ title, of: { fault, problem }, children }: OutcomeProps) {
  const { t } = useConsole(translator)
  return (
    <div>
      {title && <strong>{title}</strong>}
      {fault === null ? (
        children
      ) : (
        <>
          <p class="problem">{t(`fault_${fault}`)}</p>
          {problem && <small class="muted">{t('theirWords', { words: problem })}</small>}
        </>
      )}
    </div>
  )
}
