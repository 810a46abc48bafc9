import { setTimeout } from 'node:timers/promises'
import { waitForTurn, yieldToLoop } from '../../core/turns.ts'
import type { ChatModel } from '../../providers/model.ts'
import { LruCache } from '../retrieval/text/lru-cache.ts'
import type { PassageCache } from './candidates.ts'
import { composeInSteps } from './compose.ts'

/** How many code units a piece has at least: about what a model streams at a time. */
const pieceLength = 12
/** Between two pieces: readers see it grow as they do with a model, only faster. */
const paceMs = 12
/** Passages kept as read, each some ten times its text: a few megabytes in all. */
const passagesMax = 256

/**
 * Answers without a language model: quotes the sentences and columns that answer, says so when there are none, asks back
 * when the question is too thin. What it quotes is data, whatever it says (law A4).
 */
export function createBuiltinModel(): ChatModel {
  const read: PassageCache = new LruCache(passagesMax)
  return {
    provider: 'builtin',
    model: 'builtin',
    async answer(request, onText, signal) {
      await waitForTurn(request.question.text.length)
      signal.throwIfAborted()
      const composing = composeInSteps(request, read)
      let step = composing.next()
      for (; !step.done; step = composing.next()) await yieldToLoop()
      for (const piece of pieces(step.value)) {
        onText(piece)
        await setTimeout(paceMs, undefined, { signal })
      }
      return { prompt_tokens: 0, completion_tokens: 0 }
    },
    check: async () => null,
  }
}

function* pieces(text: string): Generator<string> {
  let piece = ''
  for (const sign of text) {
    piece += sign
    if (piece.length < pieceLength && !(piece.length > 4 && /\s/.test(sign))) continue
    yield piece
    piece = ''
  }
  if (piece) yield piece
}
