import type { Language } from '#protocol'
import type { ConversationStore } from '../../sdk/index.ts'
import type { Store } from '../../sdk/store.ts'
import type { TurnState } from '../../sdk/voice/index.ts'
import type { Model } from '../core/model.ts'
import { idOf } from '../lazy/handoff.ts'
import type { BinaryCarrier } from './binary.ts'
import { createSegment, type Segment } from './segment.ts'
import type { Words } from './words.ts'

/** What goes wrong, as its words are called. */
export type VoiceProblem = Extract<
  keyof Words,
  'denied' | 'missing' | 'busy' | 'insecure' | 'nothing' | 'failed' | 'unavailable' | 'blocked' | 'noSound'
>

export interface VoiceState {
  /** `recording` to be read or sent, `talking` hands-free. */
  mode: 'off' | 'opening' | 'recording' | 'transcribing' | 'talking'
  turn: TurnState
  /** What is understood of the turn so far. */
  text: string
  problem: VoiceProblem | null
  /** Id of the message that is being listened to. */
  playing: string | null
}

export const silent: VoiceState = { mode: 'off', turn: 'off', text: '', problem: null, playing: null }

export interface Environment {
  model: Model
  audio: AudioContext
  carrier: BinaryCarrier
  store: Store<VoiceState>
  /** How loud the microphone is, 0 to 1, at each frame. */
  setLevel(level: number): void
}

export const languageOf = ({ model }: Environment): Language => model.get().language
export const conversationOf = ({ model }: Environment): ConversationStore => model.get().conversation
export const hasServerEars = ({ model }: Environment): boolean =>
  Boolean(model.client.state.session?.features.voice.stt)

export function beginSegment(
  environment: Environment,
  events: { onText(text: string): void; onFail(): void },
): Segment {
  const { model, carrier } = environment
  return createSegment({
    client: model.client,
    language: languageOf(environment),
    pack: carrier.pack,
    ...events,
    async conversationId() {
      const conversation = model.ready()
      if (!conversation.get().conversation) await conversation.open()
      return idOf(conversation)
    },
  })
}

/** In the visitor's name; written where the server does not take it as spoken, so that no words are lost. */
export async function say(environment: Environment, segment: Segment, text: string): Promise<void> {
  const isSaid = await segment.send(text).catch(() => false)
  if (!isSaid) environment.model.send(text)
}
