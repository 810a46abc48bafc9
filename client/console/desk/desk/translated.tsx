import { useEffect, useState } from 'preact/hooks'
import type { Language } from '#protocol'
import { useDesk } from './context.ts'

/** A model needs longer than other calls. */
const timeoutMs = 45_000

/** What a language is told by; null where it is by the lack of the others' signs. */
const scripts: Record<Language, RegExp | null> = { en: null, zh: /\p{Script=Han}/u }

/** Whether a text is in a language, as far as its script tells. */
export function isIn(language: Language, text: string): boolean {
  const script = Object.values(scripts).find(signs => signs?.test(text)) ?? null
  return script === scripts[language] || !/\p{L}/u.test(text)
}

export function useTranslate(conversation_id: string) {
  const { client } = useDesk().desk
  return async (content: string, language: Language): Promise<string> =>
    (await client.call('text:translate', { conversation_id, content, language }, { timeout: timeoutMs })).text
}

/** What a message says, in the agent's language. */
export function Translated({ id, content }: { id: string; content: string }) {
  const { t, language } = useDesk()
  const translate = useTranslate(id)
  const [text, setText] = useState<string | null>(null)

  useEffect(() => {
    let isGone = false
    setText(null)
    translate(content, language).then(
      translated => isGone || setText(translated),
      () => isGone || setText(t('notTranslated')),
    )
    return () => {
      isGone = true
    }
  }, [content, language])

  return (
    <p class="translated" aria-busy={text === null} title={t('translated')}>
      {text ?? t('translating')}
    </p>
  )
}
