import type { Script } from '../fixtures/fakes/model-server.ts'
import { endStrangely, type PlannedAnswer } from './endings.ts'
import type { Random } from './random.ts'
import { passed } from './wait.ts'

/** Text the model gave, by the number that its first word carries: an answer tells by itself what it should be. */
export interface Answers {
  /** One for every request a schedule may lead to. */
  scripts: Script[]
  /** Why `content` is not what the model said (complete), or not a beginning of it; null when it is. */
  problem(content: string, status: string): string | null
  /** What in something shown to a visitor is reasoning, a mark of it, or the host's own words; null where nothing is. */
  leak(shown: string): string | null
}

const requests = 400
const letters = ['a', 'é', '词', '👩‍👧', 'ß', '…', '𝄞']

/** @param strange the share of answers that end in a way of their own */
export function createAnswers(random: Random, strange: number): Answers {
  const planned = Array.from({ length: requests }, (_, number): PlannedAnswer => {
    const pieces = Array.from(
      { length: random.whole(3, 50) },
      (_piece, index) =>
        `${index === 0 ? `answer${number}` : random.pick(letters).repeat(random.whole(1, 8))} `,
    )
    const pauseMs = random.whole(0, 25)
    const { script, ...rest } = random.chance(strange)
      ? endStrangely(random, { number, pieces })
      : { script: { pieces }, text: pieces.join(''), whole: true }
    return { script: { ...script, gate: () => passed(pauseMs) }, ...rest }
  })

  return {
    scripts: planned.map(({ script }) => script),
    problem(content, status) {
      const number = /^(?:answer|thought)(\d+) /.exec(content)?.[1]
      if (number === undefined) return status === 'complete' && content ? 'is no text of the model' : null
      const { text, whole, untold } = planned[Number(number)]!
      if (status !== 'complete')
        return text.startsWith(content) || untold?.startsWith(content)
          ? null
          : `is no beginning of the model's text ${number}`
      if (content !== text) return `is not the model's text ${number}`
      return whole ? null : `is the model's text ${number}, which was cut`
    },
    leak(shown) {
      // Up to its sign: a number at the end of a piece may go on.
      const [leaked, what, number] = /(thought|provider)(\d+);|\[object |<\/?think|<\|/.exec(shown) ?? []
      return what === 'thought' && planned[Number(number)]?.untold ? null : (leaked ?? null)
    },
  }
}
