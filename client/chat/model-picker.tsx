import { useEffect, useState } from 'preact/hooks'
import type { Provider } from '#protocol/models/provider'
import { Icon } from '../ui/icons.tsx'
import { useStore } from '../ui/use-store.ts'
import { useAction, useChat } from './context.ts'
import type { ModelChoice } from './current.ts'
import { type Entry, Menu } from './menu.tsx'

const pageSize = 100
const standard: ModelChoice = { provider_id: null, model: null }

/** A model that may be chosen, as people see it. */
export interface Choosable {
  choice: ModelChoice
  name: string
  provider: string
}

/** Every model of every provider that is the person's to ask. */
export function useChoosable(): Choosable[] {
  const { session } = useChat()
  const [providers, setProviders] = useState<Provider[]>([])
  useEffect(() => {
    session.call('provider:available', { page_size: pageSize }).then(
      ({ items }) => setProviders(items.filter(({ is_active }) => is_active)),
      () => {},
    )
  }, [session])
  return providers.flatMap(({ id, name, config }) => {
    const models = new Set([config.model, ...(config.models ?? [])].filter(model => model !== undefined))
    return [...models].map(model => ({ choice: { provider_id: id, model }, name: model, provider: name }))
  })
}

/** Who answers in this conversation; nothing to choose is not shown. */
export function ModelPicker() {
  const { current, t } = useChat()
  const { choice } = useStore(current)
  const { run } = useAction()
  const choosable = useChoosable()
  if (choosable.length === 0) return null
  const isChosen = (one: ModelChoice) =>
    one.provider_id === choice.provider_id && (choice.model === null || one.model === choice.model)
  const chosen = choosable.find(one => isChosen(one.choice))
  const choose = (next: ModelChoice) => void run(() => current.choose(next))
  const entries: Entry[] = [
    {
      name: t('standard'),
      note: t('standardText'),
      isChosen: choice.provider_id === null,
      onChoose: () => choose(standard),
    },
    ...choosable.map(one => ({
      name: one.name,
      note: one.provider,
      isChosen: one === chosen,
      onChoose: () => choose(one.choice),
    })),
  ]
  const name = chosen?.name ?? choice.model ?? t('standard')
  return (
    <Menu class="button quiet model" label={t('modelLabel', { name })} entries={entries}>
      <Icon name="spark" size={16} />
      <span>{name}</span>
    </Menu>
  )
}
