import { Icon } from '../ui/icons.tsx'
import { useConsole } from './context.ts'

/** Puts a text on the clipboard. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { toasts, t } = useConsole()

  async function copy() {
    await navigator.clipboard.writeText(text).then(
      () => toasts.say(t('copied')),
      () => toasts.warn(t('notCopied')),
    )
  }

  return (
    <button type="button" class="button small" aria-label={label} onClick={copy}>
      <Icon name="copy" size={16} />
      {t('copy')}
    </button>
  )
}

/** Lines to be put into a page or a program. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <div class="snippet">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={label} />
    </div>
  )
}
