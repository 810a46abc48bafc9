import './own-memory.css'
import type { Memory } from '#protocol/chat/memory'
import { memoryMaxLength, memoryTopKMax } from '#protocol/core/limits'
import type { Column } from '../../../ui/table.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole, useLoaded } from '../../context.ts'
import { EditableList } from '../../editable.tsx'
import { PageSteps, usePages } from '../../pages.tsx'
import { Loading } from '../../state.tsx'
import { MemoryDetails } from './memory-details.tsx'
import { translator } from './words.ts'

/** What the assistant remembers of whoever is signed in: theirs alone to see. */
export function OwnMemory() {
  const { session, t } = useConsole(translator)
  const settings = useLoaded('memory:settings', {})
  const { isBusy, run } = useAction()

  function configure(change: { enabled?: boolean; memory_top_k?: number }) {
    void run(async () => {
      await session.call('memory:configure', change)
      settings.reload()
    })
  }

  return (
    <section class="card own-memory">
      <h2>{t('memory')}</h2>
      <p class="muted">{t('memoryText')}</p>
      <Loading of={settings}>
        {({ settings: { enabled, memory_top_k } }) => (
          <>
            <label class="check">
              <input
                type="checkbox"
                checked={enabled}
                disabled={isBusy}
                onChange={event => configure({ enabled: event.currentTarget.checked })}
              />
              {t('remember')}
            </label>
            {enabled && (
              <label class="field top-k">
                {t('topK')}
                <input
                  class="input"
                  type="number"
                  min={1}
                  max={memoryTopKMax}
                  required
                  value={memory_top_k}
                  disabled={isBusy}
                  onChange={({ currentTarget: field }) =>
                    field.reportValidity() && configure({ memory_top_k: field.valueAsNumber })
                  }
                />
              </label>
            )}
            <Memories isOn={enabled} />
          </>
        )}
      </Loading>
    </section>
  )
}

function Memories({ isOn }: { isOn: boolean }) {
  const { session, language, t } = useConsole(translator)
  const memories = usePages('memory:list', {})
  if (!isOn && memories.data?.pagination.total === 0) return null

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
      foot={({ pagination }) => <PageSteps of={memories} pagination={pagination} />}
      fieldsOf={({ content }, change, memory) => (
        <>
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
          {memory && <MemoryDetails id={memory.id} />}
        </>
      )}
      isWide
    />
  )
}
