import type { Script } from '../fixtures/fakes/model-server.ts'
import type { Random } from './random.ts'

/** What a host sends for one answer, and what of it is the answer's. */
export interface PlannedAnswer {
  script: Script
  /** All that readers may be shown; '' where the built-in answerer has to write instead. */
  text: string
  /** Whether it may be stored as complete. */
  whole: boolean
  /** Reasoning that only its end tells from an answer: readers may have been shown it until then. */
  untold?: string
}

interface Parts {
  /** Of the answer, in pieces. */
  pieces: string[]
  text: string
  /** Its reasoning, which nobody may be shown. */
  thought: string
  /** What the host says of itself, which no visitor may be shown. */
  words: string
  /** Cut into pieces anywhere. */
  cut(text: string): string[]
}

type Build = (parts: Parts) => Script

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = (content: unknown, finish_reason: string | null = null) =>
  data({ choices: [{ index: 0, delta: { content }, finish_reason }] })
const stop = `${delta('', 'stop')}data: [DONE]\n\n`

/** Of each the text is the answer, and whole. */
const whole: Record<string, Build> = {
  'reasoning in a field': ({ pieces, thought, cut }) => ({ reasoning: cut(thought), pieces }),
  'marked reasoning': ({ text, thought, cut }) => ({ pieces: cut(`<think>${thought}</think>\n\n${text}`) }),
  'marked by words in brackets': ({ text, thought, cut }) => ({
    pieces: cut(`[THINK]${thought}[/THINK]${text}`),
  }),
  'channels of a template': ({ text, thought, cut }) => ({
    pieces: cut(
      `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${text}<|return|>`,
    ),
  }),
  'reasoning left open': ({ text, thought, cut }) => ({ pieces: cut(`${text}<think>${thought}`) }),
  'a tool call left over': ({ text, thought, cut }) => ({
    pieces: cut(
      `${text}<|start|>assistant<|channel|>commentary to=functions.find<|message|>{"q":"${thought}"}<|call|>`,
    ),
  }),
  'a list of parts': ({ pieces, thought }) => ({
    raw: [
      delta([{ type: 'thinking', thinking: thought }]),
      ...pieces.map(text => delta([{ type: 'text', text }])),
      stop,
    ],
  }),
  'other types between': ({ pieces }) => ({
    raw: [delta({ a: 1 }), ...pieces.flatMap(text => [delta(text), delta(7), data(null)]), stop],
  }),
  'one whole body': ({ text, thought }) => {
    const message = { content: text, reasoning_content: thought }
    return {
      raw: [JSON.stringify({ object: 'chat.completion', choices: [{ message, finish_reason: 'stop' }] })],
    }
  },
  'sources that are none': ({ pieces }) => {
    const marks = [' [2]', ' [2†source]', ' 〔2〕', ' <sup>2</sup>', ' \\[2\\]', ' [doc2]']
    return { pieces: pieces.map((text, index) => text.replace(/ $/, `${marks[index] ?? ''} `)) }
  },
  'a connection left open': ({ pieces }) => ({ pieces, after: 'open' }),
  'a reset behind the end': ({ pieces }) => ({ pieces, after: 'reset' }),
  'garbage behind the end': ({ pieces }) => ({ pieces, after: 'garbage' }),
}

/** Of each the text, or a beginning of it, is shown, and failed. */
const broken: Record<string, Build> = {
  'cut at its length': ({ pieces }) => ({ pieces, reason: 'length' }),
  'cut by a filter': ({ pieces }) => ({ pieces, reason: 'content_filter' }),
  'cut for tools': ({ pieces }) => ({ pieces, reason: 'tool_calls' }),
  'cut for a reason of its own': ({ pieces }) => ({ pieces, reason: 'whatever' }),
  'no reason': ({ pieces }) => ({ pieces, reason: null }),
  'no end': ({ pieces }) => ({ pieces, ending: 'early_end' }),
  'not the grammar': ({ pieces }) => ({ pieces, ending: 'garbage' }),
  'a reset': ({ pieces }) => ({ pieces, ending: 'reset' }),
  'an error in the stream': ({ pieces, words }) => ({
    raw: [...pieces.map(text => delta(text)), data({ error: { message: words } })],
  }),
  'an error event': ({ pieces, words }) => ({
    raw: [...pieces.map(text => delta(text)), `event: error\n${data({ message: words })}`],
  }),
  'cut while it reasons': ({ text, thought, cut }) => ({
    pieces: cut(`${text}<think>${thought}`),
    reason: 'length',
  }),
  'cut in a mark of reasoning': ({ text, cut }) => ({ pieces: cut(`${text}<thin`), reason: 'length' }),
  'cut in a mark of a source': ({ text, cut }) => ({ pieces: cut(`${text}[2`), reason: 'length' }),
}

/** Nothing in them is an answer. */
const empty: Record<string, Build> = {
  nothing: () => ({ pieces: [] }),
  blanks: () => ({ pieces: [' ', '\n', '\n'] }),
  'reasoning alone': ({ thought, cut }) => ({ pieces: cut(`<think>${thought}</think>\n`) }),
  'reasoning alone, left open': ({ thought, cut }) => ({ pieces: cut(`<think>${thought}`) }),
  'reasoning alone, in a field': ({ thought, cut }) => ({ reasoning: cut(thought), reason: 'length' }),
  'no text in any part': () => ({
    raw: [delta({ a: 1 }), delta([{ type: 'image_url', image_url: 'x' }]), stop],
  }),
  'an error in place of a stream': ({ words }) => ({ raw: [JSON.stringify({ error: words })] }),
  'an error first': ({ words }) => ({ raw: [data({ error: { message: words } })] }),
  'a web page': ({ words }) => ({ raw: [`<!doctype html><title>${words}</title>`] }),
  'a wrong key': ({ words }) => ({ status: 401, body: JSON.stringify({ error: { message: words } }) }),
  'a host that fails': ({ words }) => ({ status: 500, body: JSON.stringify({ error: words }) }),
  'a host that is busy': () => ({ status: 503 }),
}

/** The end of one answer, as models and hosts make it that do not keep to the letter (CASES, part D). */
export function endStrangely(
  random: Random,
  { number, pieces }: { number: number; pieces: string[] },
): PlannedAnswer {
  const text = pieces.join('')
  const thought = `thought${number}; they want `
  const parts: Parts = {
    pieces,
    text,
    thought,
    words: `provider${number}; overloaded`,
    cut: all => cutAnywhere(random, all),
  }
  const kind = random.weighted({ whole: 55, broken: 25, empty: 15, untold: 5 })
  if (kind === 'untold')
    return { script: { pieces: parts.cut(`${thought}</think>${text}`) }, text, whole: true, untold: thought }
  const builds = Object.values({ whole, broken, empty }[kind])
  return { script: random.pick(builds)(parts), text: kind === 'empty' ? '' : text, whole: kind === 'whole' }
}

/** In up to 40 pieces of any length, between the halves of a character too. */
function cutAnywhere(random: Random, text: string): string[] {
  const pieceMax = Math.ceil(text.length / 20)
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += pieces.at(-1)!.length)
    pieces.push(text.slice(at, at + random.whole(1, pieceMax)))
  return pieces
}
