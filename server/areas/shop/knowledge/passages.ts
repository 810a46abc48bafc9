import type { DocumentText, NewPassage } from '#storage/shop/knowledge'
import { countTerms } from '../../../answering/retrieval/ranking/bm25.ts'
import { chunk } from '../../../answering/retrieval/text/chunks.ts'
import { newId } from '../../../core/ids.ts'
import { openThread } from '../../../core/thread.ts'
import { inlineMaxBytes } from '../../../ingest/off-thread.ts'
import type { Section } from '../../../ingest/structure.ts'

/** Some passages of a document, in reading order. */
export interface PassageBatch {
  rows: NewPassage[]
  last: boolean
  /** How much of the document they are, with those before: 0 to 1. */
  progress: number
}

/** Small, so that on the embedded database's one connection others wait for a tenth of a second at most. */
export const batchRows = 50
const titleMax = 300

/** The passages of a document, those of a long one made in a thread of its own. */
export async function* passageBatches(document: DocumentText): AsyncGenerator<PassageBatch> {
  if (document.sections.length <= inlineMaxBytes) return yield* cutIntoBatches(document)
  const thread = openThread<PassageBatch>(new URL('./passage-worker.ts', import.meta.url), document)
  try {
    for (let batch = await thread.next(); batch !== null; batch = await thread.next()) yield batch
  } finally {
    await thread.close()
  }
}

export function* cutIntoBatches(document: DocumentText): Generator<PassageBatch> {
  const sections = JSON.parse(document.sections) as Section[]
  const total = sections.reduce((sum, section) => sum + section.text.length, 0)
  let done = 0
  let rows: NewPassage[] = []
  for (const row of passagesOf(document, sections)) {
    if (rows.length === batchRows) {
      yield { rows, last: false, progress: Math.min(1, done / total) }
      rows = []
    }
    rows.push(row)
    done += row.text.length
  }
  yield { rows, last: true, progress: 1 }
}

/** A document's title and the headings above a passage are part of the passage's title. */
function* passagesOf(document: DocumentText, sections: Section[]): Generator<NewPassage> {
  let ordinal = 0
  for (const { heading, text } of sections) {
    const title = [document.title, ...heading].join(' › ').slice(0, titleMax).toWellFormed()
    for (const part of chunk(text))
      yield {
        id: newId(),
        source_id: document.id,
        ordinal: ordinal++,
        title,
        url: document.url,
        text: part,
        language: document.language,
        updated_at: document.updated_at,
        ...countTerms('document', title, part),
      }
  }
}
