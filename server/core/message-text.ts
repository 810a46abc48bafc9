import type { Message } from '#protocol'

/** What a message says: its words, or the names of the files that came without any. */
export function messageText({ content, attachments }: Pick<Message, 'content' | 'attachments'>): string {
  return content.trim() === '' ? attachments.map(({ name }) => name).join(', ') : content
}
