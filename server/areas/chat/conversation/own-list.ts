import { invalid } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import type { Caller } from '../../../core/call.ts'
import { createPresentation, type PresentationParts } from '../../../core/presentation.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'

/** What people keep their own conversations in order by, as it is asked for. */
interface OwnFields {
  pinned?: boolean
  archived?: boolean
  tags?: string[]
  provider_id?: string | null
  model?: string | null
}

type OwnColumns = Pick<ConversationRow, 'pinned_at' | 'archived_at' | 'tags' | 'provider_id' | 'model'>

const ownFields = ['pinned', 'archived', 'tags', 'provider_id', 'model'] as const

/** How whose it is keeps it in order is not for staff to change. @throws OperationError VALIDATION_ERROR */
export function assertOwnFields(fields: OwnFields, { audience }: Pick<Caller, 'audience'>): void {
  const field = ownFields.find(name => fields[name] !== undefined)
  if (audience === 'agent' && field) throw invalid(field, 'is for whose conversation it is')
}

/** The columns that change; another provider answers by its own model where none is named. */
export function ownColumns(fields: OwnFields, head: ConversationRow, at: string): Partial<OwnColumns> {
  const { pinned, archived, tags, provider_id, model } = fields
  return {
    ...(pinned !== undefined && { pinned_at: pinned ? (head.pinned_at ?? at) : null }),
    ...(archived !== undefined && { archived_at: archived ? (head.archived_at ?? at) : null }),
    ...(tags && { tags: [...new Set(tags)] }),
    ...(provider_id !== undefined && { provider_id, model: null }),
    ...(model !== undefined && { model }),
  }
}

/** UTF-16 units of a title that is taken from a question. */
const titleMaxLength = 60

/** The first sentence of a question, cut where a word ends. */
export function titleOf({ content, attachments }: Pick<StoredMessage, 'content' | 'attachments'>): string {
  const text =
    content
      .replaceAll(/[`*_#>]+/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim() ||
    (attachments[0]?.name ?? '')
  const sentence = /^(?:.{8,}?[.!?](?=\s|$)|.{3,}?[。！？])/u.exec(text)?.[0] ?? text
  const whole = sentence.replace(/[.。]$/, '')
  if (whole.length <= titleMaxLength) return whole
  const cut = whole.slice(0, titleMaxLength - 1).replace(/[\uD800-\uDBFF]$/, '')
  const end = cut.lastIndexOf(' ')
  return `${end > titleMaxLength / 2 ? cut.slice(0, end) : cut}…`
}

/** What a question changes about its conversation in the list of whose it is. */
export function createOwnList(parts: PresentationParts) {
  const { toConversation } = createPresentation(parts)

  /** Part of the change that says it: the first one gives a title, where that is wanted, and none is said in the archive. */
  function applyQuestion(draft: Draft, question: StoredMessage): void {
    const { head } = draft
    if (!head.auto_title && head.archived_at === null) return
    if (head.auto_title) Object.assign(head, { title: head.title ?? titleOf(question), auto_title: false })
    head.archived_at = null
    draft.emit('conversation:updated', {
      conversation: toConversation({ ...head, seq: head.seq + 1, updated_at: draft.at }),
    })
  }

  return { applyQuestion }
}
