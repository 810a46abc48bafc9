import type { VoiceWords } from './words.ts'

export const voiceWordsEn: VoiceWords = {
  notConfigured: 'Speech recognition is not set up on this server. Please type instead.',
  noSpeech: 'We didn’t hear anything. Please speak a little closer to the microphone.',
  unreadable: format => `This recording cannot be read (${format}).`,
  tooLong: seconds => `A recording can be at most ${seconds} seconds long.`,
  tooMuchToday: 'You’ve reached the limit for speaking today. Please type, or try again later.',
  unavailable: 'Speech recognition isn’t available at the moment. Please type instead.',
  overBudget: 'Speech has reached its limit for now. Please type instead.',
  tooManyStreams: 'A recording is already running. Finish that one first.',
  nodeFull: 'Too many people are speaking right now. Try again in a moment.',
  tooFast: 'Audio is arriving faster than it can be processed.',
  ended: 'This stream has ended.',
}
