import { sentences } from '../retrieval/text/sentences.ts'
import { memoryLexicons } from './facts.ts'
import type { CommandPatterns } from './lexicon.ts'

/** What a person asks of the memory itself, in words. */
export type MemoryCommand =
  | { kind: 'remember' | 'forget'; fact: string }
  | { kind: 'forget_all' | 'switch_on' | 'switch_off' }

export interface ReadCommands {
  commands: MemoryCommand[]
  /** What else the message says. */
  rest: string
}

const around = /^[\s"'“”‘’]+|[\s.。!！?？,，;；~～…"'“”‘’]+$/gu
const alone: readonly [keyof CommandPatterns, 'forget_all' | 'switch_on' | 'switch_off'][] = [
  ['switchOn', 'switch_on'],
  ['switchOff', 'switch_off'],
  ['forgetAll', 'forget_all'],
]
/** The least that can be a fact. */
const factMin = 3

/** The sentences of a message that ask for something to be remembered or forgotten, and the rest of it. */
export function readCommands(text: string): ReadCommands {
  const commands: MemoryCommand[] = []
  const others: string[] = []
  for (const sentence of sentences(text)) {
    const command = /^[>＞|]/.test(sentence) ? null : readCommand(sentence)
    if (command) commands.push(command)
    else others.push(sentence)
  }
  return { commands, rest: others.join('\n') }
}

function readCommand(sentence: string): MemoryCommand | null {
  const plain = sentence.replace(around, '')
  const spoken = plain.toLowerCase().replaceAll('’', "'")
  for (const { commands } of memoryLexicons) {
    for (const [name, kind] of alone) if (commands[name].test(spoken)) return { kind }
    for (const kind of ['forget', 'remember'] as const) {
      const groups = commands[kind].exec(spoken)?.groups
      const found = groups?.fact ?? groups?.other
      if (found === undefined || found.trim().length < factMin) continue
      const at = spoken.indexOf(found)
      return { kind, fact: plain.slice(at, at + found.length).replace(around, '') }
    }
  }
  return null
}
