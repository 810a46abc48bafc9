export const en = {
  memory: 'Memory',
  memoryText:
    'The assistant can remember what you tell it about yourself and use it in other conversations. Only you can see it; administrators can’t.',
  remember: 'Remember what I say about myself',
  memories: 'What is remembered',
  content: 'Memory',
  contentHint: 'One fact about you, for example: “I prefer tea without sugar”.',
  source: 'From',
  chat: 'A conversation, {at}',
  manual: 'Written by you, {at}',
  used: 'Used',
  usedTimes: '{count}×, last {at}',
  never: 'Not yet',
  newMemory: 'New memory',
  noMemories: 'Nothing yet',
  noMemoriesText: 'Say “remember that …” to the assistant, or write something down here.',
  refused:
    'This can’t be saved. Passwords, card and account numbers, health and other private matters, facts about other people and instructions aren’t kept.',
  aboutTheSame: 'Another memory is about the same thing. Change or delete that one.',
  isOff: 'Switch memory on first.',
}
