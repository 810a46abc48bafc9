import type { MemoryWords } from './words.ts'

export const memoryWordsEn: MemoryWords = {
  remembered: 'I’ll remember that.',
  refused: {
    secret: 'I don’t keep passwords, keys or other secrets, so I haven’t saved that.',
    number: 'I don’t keep card, account or ID numbers, or contact details, so I haven’t saved that.',
    sensitive:
      'I don’t keep anything about health, beliefs, politics or other private matters, so I haven’t saved that. You can tell me again whenever it matters.',
    other_person: 'I only keep facts about you, so I haven’t saved that.',
    instruction: 'I can remember facts about you, but not instructions, so I haven’t saved that.',
  },
  full: 'My memory of you is full. Delete something first, and I’ll remember that.',
  isOff:
    'Memory is off, so I won’t remember that next time. Say “turn memory on” to let me remember things across conversations; you can see, change or delete them at any time.',
  switchedOn:
    'Memory is on. I’ll remember what you tell me about yourself. Say “forget …” to remove something, or “turn memory off” to stop.',
  switchedOff: 'Memory is off. What I remembered isn’t used any more; say “forget everything” to delete it.',
  forgotten: count => (count === 1 ? 'Forgotten.' : `Forgotten: ${count} memories.`),
  forgottenAll: count =>
    count === 0
      ? 'I don’t remember anything about you.'
      : 'I’ve forgotten everything I remembered about you.',
  nothingToForget: 'I don’t remember anything like that.',
}
