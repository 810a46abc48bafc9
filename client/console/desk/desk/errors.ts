import type { Agent, Handoff } from '#protocol'
import { tagsMax } from '#protocol/core/limits'
import type { ParleyError } from '../../../sdk/index.ts'
import type { Language } from '../../../ui/i18n.ts'
import { pageErrorSentence } from '../../../ui/page-errors.ts'
import type { T } from './words.ts'

/** A CONFLICT of the desk says the present state of things in its details. */
interface Details {
  handoff?: Handoff | null
  /** Those that are there already. */
  tags?: string[]
  agent?: Agent
}

export function deskErrorSentence(
  { code, details }: Pick<ParleyError, 'code'> & { details?: unknown },
  t: T,
  language: Language,
): string {
  const { handoff, agent, tags } = (details ?? {}) as Details
  if (code !== 'CONFLICT') return pageErrorSentence(code, language)
  if (agent) return t('conflictAway', { name: agent.name ?? t('agent') })
  if (handoff?.status === 'active') return t('conflictTaken', { name: handoff.agent?.name ?? t('agent') })
  if (handoff === null) return t('conflictNone')
  if (tags) return t('tagsFull', { count: tagsMax })
  if (handoff) return t('conflictState', { status: t(handoff.status) })
  return pageErrorSentence(code, language)
}
