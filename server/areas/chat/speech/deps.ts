import type { Message } from '#protocol'
import type { speechOperations } from '#protocol/chat/speech'
import type { VoiceSettings } from '#protocol/chat/voice'
import type { MessageStorage } from '#storage/chat/message'
import type { SpeechStorage } from '#storage/chat/speech'
import type { Handlers } from '../../../core/call.ts'
import type { Log } from '../../../observability/log.ts'
import type { Synthesizer } from '../../../providers/speech/speech.ts'
import type { Journal } from '../../../realtime/journal/append.ts'

export type SpeechHandlers = Handlers<typeof speechOperations>

export interface SpeechDeps {
  /** Null where none is configured. */
  synthesizer(): Synthesizer | null
  settings(): Pick<VoiceSettings, 'languages'>
  storage: Pick<MessageStorage, 'find' | 'setPlayedText'>
  sounds: SpeechStorage
  journal: Journal
  /**
   * Hears an answer that is being written, from its beginning on.
   * @returns its end; null where that is not known here
   */
  followReply(
    message: Pick<Message, 'id' | 'conversation_id'>,
    onText: (offset: number, text: string) => void,
    signal: AbortSignal,
  ): Promise<Message | null>
  /** What was heard of an answer that is written here goes into its end. */
  notePlayedText(messageId: string, text: string): void
  /** Counts seconds that are spoken to a person: 0, or the milliseconds after which there may be more. */
  countSeconds(personId: string, seconds: number): number
  /** Where browsers reach this server. */
  publicUrl: string
  log: Log
}
