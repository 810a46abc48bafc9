import type { Language } from '#protocol'
import { en } from './spoken.en.ts'
import { zh } from './spoken.zh.ts'

/** How people speak, per language; all in lower case. */
export interface SpokenWords {
  /** Sounds that say nothing. */
  fillers: readonly string[]
  /** What a listener says without wanting the word: an answer goes on over it. After a question it is an answer. */
  backchannels: readonly string[]
  /** What no sentence ends with. */
  openEnds: readonly string[]
  /** Between words. */
  space: '' | ' '
}

const languages: Record<Language, SpokenWords> = { en, zh }
const all = Object.values(languages)
const fillers = new Set(all.flatMap(words => words.fillers))
const backchannels = new Set(all.flatMap(words => words.backchannels))
const punctuation = /[^\p{L}\p{N}\s'’-]+/gu

function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/’/g, "'").replace(punctuation, ' ').trim()
}

/** A run without spaces may be several of them in a row, as in 嗯嗯 or 好的好的. */
function consistsOf(known: ReadonlySet<string>, text: string): boolean {
  const whole = normalize(text)
  if (known.has(whole)) return true
  return whole.split(/\s+/).every(run => run === '' || known.has(run) || isRepetition(known, run))
}

function isRepetition(known: ReadonlySet<string>, run: string): boolean {
  if (!/^\p{Script=Han}+$/u.test(run)) return false
  let rest = run
  while (rest) {
    const next = [rest.slice(0, 2), rest.slice(0, 1)].find(part => known.has(part))
    if (!next) return false
    rest = rest.slice(next.length)
  }
  return true
}

const interjections: ReadonlySet<string> = new Set([...fillers, ...backchannels])

/**
 * Whether there is anything to answer in what was said.
 * @param isOverAnswer said while an answer sounds, where "ok" only means that one listens
 */
export function isFiller(text: string, isOverAnswer: boolean): boolean {
  return consistsOf(isOverAnswer ? interjections : fillers, text)
}

/** "I would like the one with", "我想要那个": there is more to come. A full stop settles it. */
export function soundsUnfinished(text: string, language: Language): boolean {
  const trimmed = text.trim()
  if (/[.!?。！？]$/u.test(trimmed) && !/(\.\.\.|…)$/u.test(trimmed)) return false
  if (/([,，、:：;；—-]|\.\.\.|…)$/u.test(trimmed)) return true
  const spoken = normalize(trimmed)
  const { openEnds, space } = languages[language]
  return [...openEnds, ...languages[language].fillers].some(
    end => spoken === end || spoken.endsWith(space + end),
  )
}

/** Pieces of one turn as one text. */
export function joinSpoken(pieces: readonly string[]): string {
  return pieces
    .map(piece => piece.trim())
    .filter(Boolean)
    .reduce((text, piece) => {
      const isTight = /\p{Script=Han}|[，。！？、]/u.test(text.at(-1) ?? '') && /^\p{Script=Han}/u.test(piece)
      return text ? text + (isTight ? '' : ' ') + piece : piece
    }, '')
}
