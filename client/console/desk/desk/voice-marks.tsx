import type { Message } from '#protocol'
import { Icon } from '../../../ui/icons.tsx'
import { useDesk } from './context.ts'

/** Beside the name: it was said, not written. */
export function SpokenMark({ message }: { message: Message }) {
  const { t } = useDesk()
  return message.voice ? (
    <span class="voice-mark">
      <Icon name="microphone" size={13} /> {t('spoken')}
    </span>
  ) : null
}

/** So much of the end of what was heard is shown. */
const heardLength = 60

/** Below an answer whose sound was stopped: up to where the visitor knows it. */
export function HeardMark({ message }: { message: Message }) {
  const { t } = useDesk()
  const { heard_text } = message
  if (typeof heard_text !== 'string') return null
  const end = heard_text.length > heardLength ? `…${heard_text.slice(-heardLength)}` : heard_text
  return (
    <p class="under" title={heard_text}>
      <Icon name="sound" size={13} /> {end ? t('heardUntil', { text: end }) : t('heardNothing')}
    </p>
  )
}
