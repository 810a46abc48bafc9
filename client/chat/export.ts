import type { Message } from '#protocol'
import type { ConversationStore } from '../sdk/index.ts'
import { saveBlob } from '../ui/save-blob.ts'
import type { T } from './words.ts'

const pageSize = 100

/** All of the conversation is read first. @throws ParleyError */
async function readWhole(conversation: ConversationStore): Promise<Message[]> {
  while (conversation.get().hasMore) await conversation.loadOlder(pageSize)
  return conversation.get().messages
}

/** What was said on the branch that is shown, as a text with the sources under each answer. @throws ParleyError */
export async function exportMarkdown(
  conversation: ConversationStore,
  title: string,
  pathOf: (messages: Message[]) => Message[],
  t: T,
): Promise<void> {
  const path = pathOf(await readWhole(conversation))
  const text = [`# ${title}`, ...path.filter(({ content }) => content).map(message => sectionOf(message, t))]
  save(`${text.join('\n\n')}\n`, title, 'md', 'text/markdown')
}

function sectionOf({ role, author, content, references }: Message, t: T): string {
  if (role === 'system') return `_${content}_`
  const name = role === 'user' ? t('you') : role === 'agent' ? (author?.name ?? t('agent')) : t('assistant')
  const sources = references.map(
    ({ number, title, url }) => `${number}. ${url ? `[${title}](${url})` : title}`,
  )
  return [
    `## ${name}`,
    content,
    ...(sources.length > 0 ? [`${t('sources')}:\n\n${sources.join('\n')}`] : []),
  ].join('\n\n')
}

/** Everything in it, every branch, as the server gives it. @throws ParleyError */
export async function exportJson(conversation: ConversationStore, title: string): Promise<void> {
  const messages = await readWhole(conversation)
  const whole = { conversation: conversation.get().conversation, messages }
  save(JSON.stringify(whole, null, 2), title, 'json', 'application/json')
}

const nameMaxLength = 60

function save(text: string, title: string, extension: string, mime: string): void {
  const name = title
    .replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, nameMaxLength)
  saveBlob(new Blob([text], { type: mime }), `${name || 'conversation'}.${extension}`)
}
