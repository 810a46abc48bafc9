import { useState } from 'preact/hooks'
import type { Agent, Handoff } from '#protocol'
import { noteMaxLength } from '#protocol/core/limits'
import type { Client } from '../../../sdk/index.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { useDesk, useDeskState } from './context.ts'
import { TagsField } from './tags-field.tsx'

interface Ending {
  to?: string
  note?: string
  tags?: string[]
}

interface EndingProps {
  handoff: Pick<Handoff, 'id' | 'tags'>
  /** Null when it goes on. */
  onAnswer(ending: Ending | null): void
}

const fields = ['transfer', 'complete', 'labels'] as const

/** A field of a dialog: what is in it is kept until the dialog has done what it is for, also where it is left. */
function useKeptField<V>(
  handoffId: string,
  field: (typeof fields)[number],
  initial: V,
): [V, (value: V) => void] {
  const { slots } = useDesk().desk.client
  const name = `${field}:${handoffId}`
  const [value, setValue] = useState(() => slots.read<V>(name) ?? initial)
  return [
    value,
    next => {
      slots.write(name, next === initial ? null : next)
      setValue(next)
    },
  ]
}

/** What was filled in has been sent. */
export function forgetFields({ slots }: Client, handoffId: string): void {
  for (const field of fields) slots.write(`${field}:${handoffId}`, null)
}

/** Whom a conversation goes to. */
export function TransferDialog({ handoff, onAnswer }: EndingProps) {
  const { t } = useDesk()
  const [note, setNote] = useKeptField(handoff.id, 'transfer', '')
  return (
    <Dialog
      title={t('transfer')}
      confirm={t('transfer')}
      cancel={t('cancel')}
      onAnswer={(isConfirmed, fields) => {
        if (!isConfirmed) return onAnswer(null)
        onAnswer({ to: String(fields.get('to')), ...(note.trim() && { note: note.trim() }) })
      }}
    >
      <Destinations legend={t('transferText')} />
      <label class="field">
        {t('completeNote')}
        <textarea
          class="input"
          rows={2}
          value={note}
          maxLength={noteMaxLength}
          onInput={event => setNote(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  )
}

/** Where conversations can go: the field `to` of a form. */
export function Destinations({ legend, withSelf = false }: { legend: string; withSelf?: boolean }) {
  const { desk, t } = useDesk()
  const { agents } = useDeskState()
  // In the order of when it was asked: a row that moves under the hand is another person.
  const [{ others, teams }] = useState(() => {
    const { agents, teams } = desk.get()
    const present = agents.filter(({ id, presence }) => id !== desk.me && presence !== 'offline')
    return { others: present.sort(byLoad), teams }
  })

  return (
    <fieldset class="choices">
      <legend class="muted">{legend}</legend>
      {withSelf && <Place value={desk.me} isDefault title={t('toMe')} />}
      <Place value="queue" isDefault={!withSelf} title={t('toQueue')} />
      <Place value="ai" title={t('toAi')} hint={t('toAiHint')} />
      {teams.map(({ id, name }) => (
        <Place key={id} value={`team:${id}`} title={name} hint={t('teams')} />
      ))}
      {others
        .map(listed => agents.find(({ id }) => id === listed.id) ?? listed)
        .map(agent => (
          <Place
            key={agent.id}
            value={agent.id}
            title={agent.name ?? t('agent')}
            hint={`${t(agent.presence)} · ${t('load', { active: agent.active_count, capacity: agent.capacity })}`}
            agent={agent}
          />
        ))}
    </fieldset>
  )
}

function byLoad(a: Agent, b: Agent): number {
  return a.active_count / (a.capacity || 1) - b.active_count / (b.capacity || 1)
}

interface PlaceProps {
  value: string
  title: string
  hint?: string
  agent?: Agent
  isDefault?: boolean
}

function Place({ value, title, hint, agent, isDefault }: PlaceProps) {
  return (
    <label class="choice">
      <input type="radio" name="to" value={value} defaultChecked={isDefault} required />
      {agent && <Avatar name={agent.name} url={agent.avatar_url} presence={agent.presence} />}
      <span>
        <strong>{title}</strong>
        {hint && <small class="muted">{hint}</small>}
      </span>
    </label>
  )
}

/** What is left for later at the end. */
export function CompleteDialog({ handoff, onAnswer }: EndingProps) {
  const { t } = useDesk()
  const [stored] = useState(handoff.tags)
  const [note, setNote] = useKeptField(handoff.id, 'complete', '')
  const [tags, setTags] = useKeptField(handoff.id, 'labels', stored)
  return (
    <Dialog
      title={t('complete')}
      confirm={t('complete')}
      cancel={t('cancel')}
      onAnswer={isConfirmed => {
        if (!isConfirmed) return onAnswer(null)
        onAnswer({
          ...(note.trim() && { note: note.trim() }),
          ...(tags.join() !== stored.join() && { tags }),
        })
      }}
    >
      <p class="muted">{t('completeText')}</p>
      <label class="field">
        {t('completeNote')}
        <textarea
          class="input"
          rows={3}
          value={note}
          maxLength={noteMaxLength}
          onInput={event => setNote(event.currentTarget.value)}
        />
      </label>
      <TagsField tags={tags} onChange={setTags} />
    </Dialog>
  )
}
