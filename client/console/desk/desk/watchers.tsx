import { useEffect } from 'preact/hooks'
import { locale } from '../../../ui/i18n.ts'
import { Icon } from '../../../ui/icons.tsx'
import { useStore } from '../../../ui/use-store.ts'
import { useDesk } from './context.ts'
import type { Watcher } from './watching.ts'

/** Colleagues at the same conversation: who looks at it, and who writes. */
export function Watchers({ id }: { id: string }) {
  const { desk, language, t } = useDesk()
  const watchers = useStore(desk.watchers)[id] ?? []
  useEffect(() => desk.watch(id), [desk, id])
  if (watchers.length === 0) return null
  const list = new Intl.ListFormat(locale(language))
  const namesOf = (chosen: Watcher[]) => list.format(chosen.map(({ name }) => name ?? t('agent')))
  const typing = watchers.filter(({ isTyping }) => isTyping)
  const looking = watchers.filter(({ isTyping }) => !isTyping)
  return (
    <p class="watchers" role="status">
      {typing.length > 0 && (
        <span class="typist">
          <Icon name="pencil" size={14} /> {t('alsoWriting', { names: namesOf(typing) })}
        </span>
      )}
      {looking.length > 0 && (
        <span>
          <Icon name="eye" size={14} /> {t('alsoLooking', { names: namesOf(looking) })}
        </span>
      )}
    </p>
  )
}
