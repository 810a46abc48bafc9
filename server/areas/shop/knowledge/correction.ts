import { createSpeller, type Speller } from '../../../answering/retrieval/text/spelling.ts'
import type { KnowledgeDeps } from './deps.ts'

/** For so long the words of the index are not looked up again. */
const freshMs = 5000

/** Corrects questions to the words of what is indexed, as far as it is known. */
export function createCorrection({ storage }: Pick<KnowledgeDeps, 'storage'>) {
  let state: string | null = null
  let speller: Speller | null = null
  let expires = 0

  async function refresh(): Promise<void> {
    expires = performance.now() + freshMs
    const found = await storage.passages.words(state)
    if (!found) return
    state = found.state
    speller = createSpeller(found.words)
  }

  return async function correct(text: string): Promise<string> {
    if (!/[a-z]{3}/i.test(text)) return text
    if (performance.now() >= expires) await refresh()
    return speller ? speller(text) : text
  }
}
