import type { Script } from '../fakes/model-server.ts'
import type { Random } from './random.ts'
import { passed } from './wait.ts'

/** Text the model gave, by the number that its first word carries: an answer tells by itself what it should be. */
export interface Answers {
  /** One for every request a schedule may lead to. */
  scripts: Script[]
  /** Why `content` is not what the model said (complete), or not a beginning of it; null when it is. */
  problem(content: string, status: string): string | null
}

const requests = 400
const letters = ['a', 'é', '词', '👩‍👧', 'ß', '…', '𝄞']

export function createAnswers(random: Random): Answers {
  const texts: string[] = []
  const scripts = Array.from({ length: requests }, (_, number): Script => {
    const pieces = Array.from(
      { length: random.whole(3, 50) },
      (_piece, index) =>
        `${index === 0 ? `answer${number}` : random.pick(letters).repeat(random.whole(1, 8))} `,
    )
    texts.push(pieces.join(''))
    const pauseMs = random.whole(0, 25)
    const fault = random.chance(0.15) ? random.pick(['reset', 'garbage', 'early_end'] as const) : undefined
    if (random.chance(0.05)) return { status: 503 }
    return { pieces, ending: fault, gate: () => passed(pauseMs) }
  })

  return {
    scripts,
    problem(content, status) {
      const number = /^answer(\d+) /.exec(content)?.[1]
      if (number === undefined) return status === 'complete' && content ? 'is no text of the model' : null
      const text = texts[Number(number)]!
      if (status === 'complete') return content === text ? null : `is not the model's text ${number}`
      return text.startsWith(content) ? null : `is no beginning of the model's text ${number}`
    },
  }
}
