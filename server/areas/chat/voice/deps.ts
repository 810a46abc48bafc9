import type { Language, Message } from '#protocol'
import type { VoiceSettings, voiceOperations } from '#protocol/chat/voice'
import type { ProviderRow } from '#storage/models/provider'
import type { FindConversation } from '../../../core/access.ts'
import type { Call, Handlers, Person } from '../../../core/call.ts'
import type { createSetting } from '../../../core/setting.ts'
import type { Log } from '../../../observability/log.ts'
import type { Synthesizer, Transcriber } from '../../../providers/speech/speech.ts'

export type VoiceHandlers = Handlers<typeof voiceOperations>

export interface VoiceTimings {
  /** For so long a stream waits for its speaker after a break of the socket. */
  resumeMs: number
  /** A stream that nothing comes in on. */
  idleMs: number
  /** The longest a stream may be open. */
  openMs: number
  /** For so long the end of a stream can be asked for again. */
  endedMs: number
  sweepMs: number
}

export interface VoiceDeps {
  /** Null where none is configured. */
  transcriber(): Transcriber | null
  /** The same of what speaks: to be shown with the settings. */
  synthesizer(): Synthesizer | null
  settings: ReturnType<typeof createSetting<VoiceSettings>>
  hasLocalVoice: boolean
  findProvider(id: string): ProviderRow | undefined
  findConversation: FindConversation
  sendMessage(
    input: {
      conversation_id: string
      key: string
      content: string
      attachments: string[]
      voice: NonNullable<Message['voice']>
    },
    caller: Person,
    call: Pick<Call, 'requestId' | 'device' | 'network'>,
  ): Promise<{ message: Message }>
  /** Counts seconds that a person has spoken: 0, or the milliseconds after which they may speak on. */
  countSeconds(personId: string, seconds: number): number
  /** What all streams of this node may hold, in bytes. */
  totalBytes: number
  timings: VoiceTimings
  log: Log
}

export interface Turn {
  text: string
  durationMs: number
}

export interface Understanding {
  text: string
  durationMs: number
  language: Language | null
}
