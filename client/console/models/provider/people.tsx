import { useState } from 'preact/hooks'
import type { Provider } from '#protocol/models/provider'
import { Dialog } from '../../../ui/dialog.tsx'
import { useAction, useConsole, useLoaded, useSettled } from '../../context.ts'
import { SelectField } from '../../fields.tsx'
import { SearchField } from '../../pages.tsx'
import { personLabel } from '../../person-label.ts'
import { Loading } from '../../state.tsx'
import { translator } from './words.ts'

/** Who was given a provider; others get it, and it is taken back. */
export function PeopleDialog({ provider, onClose }: { provider: Provider; onClose(): void }) {
  const { session, t } = useConsole(translator)
  const { id: provider_id, name } = provider
  const distributions = useLoaded('provider:distributions', { provider_id })
  const [search, setSearch] = useState('')
  const people = useLoaded('people:list', {
    search: useSettled(search),
    is_active: true,
    page: 1,
    page_size: 100,
  })
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
    <Dialog
      title={t('peopleOf', { name })}
      cancel={t('close')}
      isWide
      // Enter in the search is no answer.
      onSubmit={() => {}}
      onAnswer={onClose}
    >
      <p class="muted">{t('peopleText')}</p>
      <Loading of={distributions}>
        {given =>
          given.length === 0 ? (
            <p>{t('nobodyYet')}</p>
          ) : (
            <ul class="people">
              {given.map(({ user_id, user }) => (
                <li key={user_id} class="toolbar">
                  {personLabel(user)}
                  <button
                    type="button"
                    class="button small push"
                    aria-busy={isBusy}
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
      <div class="toolbar">
        <SearchField label={t('searchPeople')} value={search} onSearch={setSearch} />
      </div>
      <SelectField
        label={t('give')}
        value={chosen}
        options={[
          ['', t('chosen')],
          ...others.map(person => [person.id, personLabel(person) ?? person.id] as const),
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
