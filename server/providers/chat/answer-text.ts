import type { ChatModel, ChatRequest } from '../model.ts'
import type { Chunk } from './chunk.ts'
import { createReasoningFilter } from './reasoning.ts'

export interface AnswerTextParts {
  request: Pick<ChatRequest, 'onRetract'>
  onText: Parameters<ChatModel['answer']>[1]
  /** Whether the model's text begins inside its reasoning, so that only the end of that is marked. */
  habit: { closesOnly: boolean }
}

/** An answer's text as it comes: without the reasoning, and gathered until it leaves for its readers. */
export function createAnswerText({ request, onText, habit }: AnswerTextParts) {
  let gathered = ''
  let hasEmitted = false
  let written = ''

  const filter = createReasoningFilter({
    beginsInside: habit.closesOnly,
    onHabit(closesOnly) {
      habit.closesOnly = closesOnly
    },
    onRetract() {
      gathered = ''
      if (hasEmitted) request.onRetract?.()
      hasEmitted = false
    },
  })

  function push({ text, isWhole }: Chunk): void {
    if (text === '') return
    // Some hosts send all of it once more in their last event.
    const added =
      isWhole && written !== '' ? text.slice(text.startsWith(written) ? written.length : text.length) : text
    written += added
    gather(filter.push(added))
  }

  /** Takes what the filter has given: while it was at work, it may have retracted what was gathered. */
  function gather(added: string): void {
    gathered += added
  }

  function flush(): boolean {
    if (gathered === '') return false
    const text = gathered
    gathered = ''
    hasEmitted = true
    onText(text)
    return true
  }

  return {
    push,
    flush,
    /** The host sends reasoning apart: what is held back because it may be some is not. */
    release: () => gather(filter.release()),
    end(isWhole: boolean): void {
      gather(filter.end(isWhole))
      flush()
    },
  }
}
