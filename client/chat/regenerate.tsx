import { Icon } from '../ui/icons.tsx'
import { useAction, useChat } from './context.ts'
import { Menu } from './menu.tsx'
import { useChoosable } from './model-picker.tsx'

/** One more answer to the same question, by another model where there are several. */
export function Regenerate({ messageId }: { messageId: string }) {
  const { current, t } = useChat()
  const { run } = useAction()
  const choosable = useChoosable()
  const again = (choice?: (typeof choosable)[number]['choice']) =>
    void run(() => current.regenerate(messageId, choice))
  if (choosable.length === 0)
    return (
      <button type="button" aria-label={t('regenerate')} title={t('regenerate')} onClick={() => again()}>
        <Icon name="retry" size={16} />
      </button>
    )
  return (
    <Menu
      class=""
      label={t('regenerate')}
      entries={[
        { name: t('sameModel'), icon: 'retry', onChoose: () => again() },
        ...choosable.map(({ name, provider, choice }) => ({
          name,
          note: provider,
          onChoose: () => again(choice),
        })),
      ]}
    >
      <Icon name="retry" size={16} />
    </Menu>
  )
}
