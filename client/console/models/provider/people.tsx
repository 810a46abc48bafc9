import { useState } from 'preact/hooks'
import type { Provider } from '#protocol/models/provider'
import { Dialog } from '../../../ui/dialog.tsx'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { SelectField } from '../../fields.tsx'
import { Loading } from '../../state.tsx'
import { translator } from './words.ts'

/** Who was given a provider; others get it, and it is taken back. */
export function PeopleDialog({ provider, onClose }: { provider: Provider; onClose(): void }) {
  const { session, t } = useConsole(translator)
  const { id: provider_id, name } = provider
  const distributions = useLoaded('provider:distributions', { provider_id })
  const people = useLoaded('people:list', { page: 1, page_size: 100 })
  const [chosen, setChosen] = useState('')
  const { isBusy, run } = useAction()

  function change(work: () => Promise<unknown>) {
    void run(async () => {
      await work()
      setChosen('')
      distributions.reload()
    })
  }

  const has = new Set(distributions.data?.map(({ user_id }) => user_id))
  const others = (people.data?.items ?? []).filter(({ id }) => !has.has(id))
  return (
    <Dialog title={t('peopleOf', { name })} cancel={t('close')} isWide onAnswer={onClose}>
      <p class="muted">{t('peopleText')}</p>
      <Loading of={distributions}>
        {given =>
          given.length === 0 ? (
            <p>{t('nobodyYet')}</p>
          ) : (
            <ul class="people">
              {given.map(({ user_id, user }) => (
                <li key={user_id} class="toolbar">
                  {user.username ?? user.email}
                  <button
                    type="button"
                    class="button small push"
                    disabled={isBusy}
                    onClick={() => change(() => session.call('provider:revoke', { provider_id, user_id }))}
                  >
                    {t('takeBack')}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loading>
      <SelectField
        label={t('give')}
        value={chosen}
        options={[
          ['', t('chosen')],
          ...others.map(({ id, name, username, email }) => [id, name ?? username ?? email ?? id] as const),
        ]}
        onSelect={user_id => {
          if (user_id === '') return
          setChosen(user_id)
          change(() => session.call('provider:distribute', { provider_id, user_ids: [user_id] }))
        }}
      />
    </Dialog>
  )
}
