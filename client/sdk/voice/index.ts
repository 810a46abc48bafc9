/** What a client needs for a talk by voice; apart from the rest, as most pages never load it. */

export { type Speech, type SpeechChunk, type SpeechOptions, startSpeech } from './speech.ts'
export { isFiller, joinSpoken, soundsUnfinished } from './spoken.ts'
export { createVoiceStream, type VoiceStream, type VoiceStreamOptions, voiceSampleRate } from './stream.ts'
export {
  isVoiced,
  type TurnEffect,
  type TurnEvent,
  type TurnSettings,
  type TurnState,
  turnDefaults,
  turnSettings,
  turns,
} from './turn.ts'
export { createTurnTaker, type TurnTaker, type TurnTakerParts } from './turn-taker.ts'
