import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { compareHandler } from './compare.ts'
import type { ProductDeps, ProductHandlers } from './deps.ts'
import { findProducts } from './evidence.ts'
import { recommendHandler } from './recommend.ts'
import { searchHandler } from './search.ts'

/** The products of the active version: search, recommendation, comparison, and evidence for answers. */
export function productArea(deps: ProductDeps) {
  const handlers: ProductHandlers = {
    'product:search': searchHandler(deps),
    'product:recommend': recommendHandler(deps),
    'product:compare': compareHandler(deps),
  }
  return {
    handlers,

    /** The products a question is about, best first, each with its facts in the question's language. */
    async findProducts(question: Question, limit: number): Promise<Evidence[]> {
      const current = await deps.readActive()
      return current ? findProducts(deps, current, question, limit) : []
    },
  }
}
