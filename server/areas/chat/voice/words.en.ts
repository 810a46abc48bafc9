import type { VoiceWords } from './words.ts'

export const voiceWordsEn: VoiceWords = {
  notConfigured: 'Speech recognition is not set up on this server. Please type instead.',
  noSpeech: 'Nothing was heard. Please speak a little closer to the microphone.',
  unreadable: format => `This recording cannot be read (${format}).`,
  tooLong: seconds => `A recording may last ${seconds} seconds.`,
  tooMuchToday: 'That was a lot of speaking for now. Please type, or try again later.',
  unavailable: 'Speech cannot be understood at the moment. Please type instead.',
  overBudget: 'Speech has reached its limit for now. Please type instead.',
  tooManyStreams: 'You are already speaking. Finish that first.',
  nodeFull: 'Too many people are speaking right now. Try again in a moment.',
  tooFast: 'Sound is arriving faster than it can be taken in.',
  ended: 'This stream has ended.',
}
