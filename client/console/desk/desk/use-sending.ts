import { guideMaxLength, messageMaxLength, noteMaxLength } from '#protocol/core/limits'
import { type ConversationStore, createKey } from '../../../sdk/index.ts'
import { useStore } from '../../../ui/use-store.ts'
import { useAttempt, useDesk } from './context.ts'
import type { Mode, Writing } from './writing.ts'

const maxLengths = { reply: messageMaxLength, note: noteMaxLength, guide: guideMaxLength }

interface Written {
  id: string
  store: ConversationStore
  writing: Writing
  mode: Mode
  text: string
  /** Nothing can be said to the visitor any more. */
  isClosed: boolean
}

/** Sends what is written, to the visitor or as a note, and says whether it can be. */
export function useSending({ id, store, writing, mode, text, isClosed }: Written) {
  const { desk } = useDesk()
  const attempt = useAttempt()
  const files = desk.files(id)
  const picked = useStore(files)
  const excess = text.length - maxLengths[mode]
  const goesAlong = mode === 'reply' && picked.length > 0
  const mayGo =
    excess <= 0 &&
    !(isClosed && mode === 'reply') &&
    (text.trim() !== '' || goesAlong) &&
    !(goesAlong && picked.some(({ attachment }) => !attachment))

  async function send() {
    const content = text.trim()
    if (!mayGo) return
    if (mode === 'reply') {
      store.send(content, files.take() ?? [])
      return writing.clear('reply')
    }
    const input = { conversation_id: id, key: createKey(), content }
    const operation = mode === 'note' ? 'note:add' : 'reply:guide'
    if (await attempt(() => desk.client.call(operation, input))) writing.clear(mode)
  }

  return { files, excess, mayGo, send }
}
