import './own-memory.css'
import type { Memory } from '#protocol/chat/memory'
import { memoryMaxLength } from '#protocol/core/limits'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { Loading } from '../../state.tsx'
import { translator } from './words.ts'

const shownMax = 100

/** What the assistant remembers of whoever is signed in: theirs alone to see. */
export function OwnMemory() {
  const { session, t } = useConsole(translator)
  const settings = useLoaded('memory:settings', {})
  const { isBusy, run } = useAction()

  function enable(enabled: boolean) {
    void run(async () => {
      await session.call('memory:configure', { enabled })
      settings.reload()
    })
  }

  return (
    <section class="card own-memory">
      <h2>{t('memory')}</h2>
      <p class="muted">{t('memoryText')}</p>
      <Loading of={settings}>
        {({ settings: { enabled } }) => (
          <>
            <label class="check">
              <input
                type="checkbox"
                checked={enabled}
                disabled={isBusy}
                onChange={event => enable(event.currentTarget.checked)}
              />
              {t('remember')}
            </label>
            <Memories isOn={enabled} />
          </>
        )}
      </Loading>
    </section>
  )
}

function Memories({ isOn }: { isOn: boolean }) {
  const { session, language, t } = useConsole(translator)
  const memories = useLoaded('memory:list', { page_size: shownMax })
  if (!isOn && memories.data?.items.length === 0) return null

  const columns: Column<Memory>[] = [
    { name: 'content', label: t('content'), cell: ({ content }) => <span class="long">{content}</span> },
    {
      name: 'source',
      label: t('source'),
      kind: 'wide',
      cell: ({ source, updated_at }) => t(source, { at: dateTimeLabel(updated_at, language) }),
    },
    {
      name: 'used',
      label: t('used'),
      kind: 'wide',
      cell: ({ use_count, last_used_at }) =>
        last_used_at
          ? t('usedTimes', { count: use_count, at: dateTimeLabel(last_used_at, language) })
          : t('never'),
    },
  ]

  return (
    <EditableList
      loaded={memories}
      itemsOf={({ items }) => items}
      nameOf={({ content }) => content}
      columns={columns}
      head={<h3>{t('memories')}</h3>}
      words={{ add: t('newMemory'), none: t('noMemories'), noneText: t('noMemoriesText') }}
      valuesOf={memory => ({ content: memory?.content ?? '' })}
      onSave={(memory_id, { content = '' }) =>
        memory_id
          ? session.call('memory:update', { memory_id, content })
          : session.call('memory:add', { key: crypto.randomUUID(), content })
      }
      problemOf={({ code }) =>
        code === 'VALIDATION_ERROR' ? t('refused') : code === 'CONFLICT' && t(isOn ? 'aboutTheSame' : 'isOff')
      }
      onDelete={memory_id => session.call('memory:delete', { memory_id })}
      fieldsOf={({ content }, change) => (
        <label class="field">
          {t('content')}
          <textarea
            class="input"
            rows={3}
            maxLength={memoryMaxLength}
            required
            value={content}
            onInput={event => change({ content: event.currentTarget.value })}
          />
          <small class="muted">{t('contentHint')}</small>
        </label>
      )}
      isWide
    />
  )
}
