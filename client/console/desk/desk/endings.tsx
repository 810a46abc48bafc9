import { useState } from 'preact/hooks'
import type { Agent } from '#protocol'
import { noteMaxLength, tagMaxLength, tagsMax } from '#protocol/core/limits'
import { Avatar } from '../../../ui/avatar.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { useDesk, useDeskState } from './context.ts'

interface Ending {
  to?: string
  note?: string
  tags?: string[]
}

/** Whom a conversation goes to; null when it stays. */
export function TransferDialog({ onAnswer }: { onAnswer(ending: Ending | null): void }) {
  const { desk, t } = useDesk()
  const { agents } = useDeskState()
  // In the order of when it was asked: a row that moves under the hand is another person.
  const [{ others, teams }] = useState(() => {
    const { agents, teams } = desk.get()
    const present = agents.filter(({ id, presence }) => id !== desk.me && presence !== 'offline')
    return { others: present.sort(byLoad), teams }
  })

  return (
    <Dialog
      title={t('transfer')}
      confirm={t('transfer')}
      cancel={t('cancel')}
      onAnswer={(isConfirmed, fields) => {
        const note = String(fields.get('note') ?? '').trim()
        onAnswer(isConfirmed ? { to: String(fields.get('to')), ...(note && { note }) } : null)
      }}
    >
      <fieldset class="choices">
        <legend class="muted">{t('transferText')}</legend>
        <Place value="queue" isDefault title={t('toQueue')} />
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
      <label class="field">
        {t('completeNote')}
        <textarea class="input" name="note" rows={2} maxLength={noteMaxLength} />
      </label>
    </Dialog>
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

/** What is left for later at the end; null when it goes on. */
export function CompleteDialog(props: { tags: string[]; onAnswer(ending: Ending | null): void }) {
  const { t } = useDesk()
  const [stored] = useState(props.tags)
  return (
    <Dialog
      title={t('complete')}
      confirm={t('complete')}
      cancel={t('cancel')}
      onAnswer={(isConfirmed, fields) => {
        const note = String(fields.get('note') ?? '').trim()
        const tags = toTags(String(fields.get('tags') ?? ''))
        props.onAnswer(
          isConfirmed ? { ...(note && { note }), ...(tags.join() !== stored.join() && { tags }) } : null,
        )
      }}
    >
      <p class="muted">{t('completeText')}</p>
      <label class="field">
        {t('completeNote')}
        <textarea class="input" name="note" rows={3} maxLength={noteMaxLength} />
      </label>
      <label class="field">
        {t('tags')}
        <input class="input" name="tags" defaultValue={stored.join(', ')} />
        <small class="muted">{t('tagsHint', { count: tagsMax })}</small>
      </label>
    </Dialog>
  )
}

function toTags(text: string): string[] {
  const tags = text
    .split(/[,，、]/)
    .map(tag => tag.trim().slice(0, tagMaxLength))
    .filter(Boolean)
  return [...new Set(tags)].slice(0, tagsMax)
}
