import { Glyph } from '../../ui/glyph.tsx'
import { close, microphone, pencil, send } from '../../ui/glyphs.tsx'
import { useEffect, useLayoutEffect, useRef, useStore } from '../core/shared.ts'
import { waves } from './glyphs.tsx'
import { Meter } from './meter.tsx'
import { Problem } from './problem.tsx'
import { TalkBar } from './talk-bar.tsx'
import { type Voice, voiceOf } from './voice.ts'
import { useVoiceStyles, useVoiceWords } from './words.ts'

interface Props {
  /** What was said is to be put right before it is sent. */
  onText(text: string): void
}

/** Held longer than this, letting go sends; a shorter press begins, and another one sends. */
const holdMs = 400

/** In the field of the composer: a button, or all over it what is being said. */
export function Speak({ onText }: Props) {
  const { model, t } = useVoiceWords()
  const voice = voiceOf(model)
  const { mode, problem } = useStore(voice)
  const button = useVoiceStyles<HTMLButtonElement>()
  const wasOn = useRef(false)
  const isOn = mode !== 'off'
  useEffect(() => voice.attach(), [voice])

  // The focus comes back to where it was taken from.
  useLayoutEffect(() => {
    const root = button.current?.getRootNode() as ShadowRoot | undefined
    if (wasOn.current && !isOn && !root?.activeElement) button.current?.focus()
    wasOn.current = isOn
  }, [isOn])

  return (
    <>
      <MicrophoneButton voice={voice} buttonRef={button} label={t('speak')} />
      {mode === 'talking' ? <TalkBar voice={voice} /> : isOn && <Recording voice={voice} onText={onText} />}
      {problem && mode === 'off' && <Problem voice={voice} problem={problem} />}
    </>
  )
}

function MicrophoneButton(props: {
  voice: Voice
  buttonRef: { current: HTMLButtonElement | null }
  label: string
}) {
  const { voice, buttonRef, label } = props
  const pressedAt = useRef(0)

  function onPointerUp() {
    const isHeld = pressedAt.current > 0 && performance.now() - pressedAt.current > holdMs
    pressedAt.current = 0
    if (isHeld) void voice.send()
  }

  return (
    <button
      ref={buttonRef}
      type="button"
      class="clip microphone"
      aria-label={label}
      title={label}
      onPointerDown={event => {
        if (event.button !== 0) return
        pressedAt.current = performance.now()
        // Letting go counts wherever the finger is by then.
        event.currentTarget.setPointerCapture(event.pointerId)
        voice.record()
      }}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        pressedAt.current = 0
        voice.cancel()
      }}
      onClick={event => {
        // A press has begun it already; a key, or a screen reader, has not.
        if (event.detail === 0) voice.record()
      }}
      onContextMenu={event => event.preventDefault()}
    >
      <Glyph of={microphone} />
    </button>
  )
}

function Recording({ voice, onText }: Props & { voice: Voice }) {
  const { t } = useVoiceWords()
  const { mode, text } = useStore(voice)
  const main = useRef<HTMLButtonElement>(null)
  const isRecording = mode === 'recording'
  useEffect(() => main.current?.focus(), [])

  async function edit() {
    const box = main.current?.closest('.field')?.querySelector('textarea')
    const words = await voice.finish()
    if (!words) return
    onText(box?.value ? ` ${words}` : words)
    box?.focus()
  }

  return (
    <fieldset
      class="voice"
      aria-label={t('speak')}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        voice.cancel()
      }}
    >
      <button type="button" class="quiet" aria-label={t('cancel')} title={t('cancel')} onClick={voice.cancel}>
        <Glyph of={close} />
      </button>
      <Meter voice={voice} />
      <p class="utterance" role="status" dir="auto">
        {isRecording ? text || t('recording') : t(mode === 'transcribing' ? 'transcribing' : 'opening')}
      </p>
      <button
        type="button"
        class="quiet"
        aria-label={t('handsFree')}
        title={t('handsFreeHint')}
        onClick={voice.talk}
      >
        <Glyph of={waves} />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={t('edit')}
        title={t('edit')}
        disabled={!isRecording}
        onClick={edit}
      >
        <Glyph of={pencil} />
      </button>
      {/* Busy and not disabled: what is disabled loses the focus. */}
      <button
        ref={main}
        type="button"
        class="round"
        aria-label={t('send')}
        title={t('send')}
        aria-disabled={!isRecording}
        onClick={() => isRecording && voice.send()}
      >
        <Glyph of={send} />
      </button>
    </fieldset>
  )
}
