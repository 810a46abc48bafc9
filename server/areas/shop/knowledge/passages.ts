import type { DocumentText, NewPassage, Place } from '#storage/shop/knowledge'
import { countTerms } from '../../../answering/retrieval/ranking/bm25.ts'
import { chunkRanges } from '../../../answering/retrieval/text/chunks.ts'
import { newId } from '../../../core/ids.ts'
import { openThread } from '../../../core/thread.ts'
import { inlineMaxBytes } from '../../../ingest/read.ts'
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
  for (const { heading, text, place } of sections) {
    const title = [document.title, ...heading].join(' › ').slice(0, titleMax).toWellFormed()
    const placeIn = place && placesIn(text, place)
    for (const { start, end } of chunkRanges(text, { byLine: place?.unit === 'row' })) {
      const part = text.slice(start, end)
      yield {
        id: newId(),
        source_id: document.id,
        ordinal: ordinal++,
        title,
        url: document.url,
        text: part,
        language: document.language,
        updated_at: document.updated_at,
        place: placeIn?.(start, end) ?? null,
        ...countTerms('document', title, part),
      }
    }
  }
}

/** Where the lines of a part of a text stand; parts are asked for in reading order. */
function placesIn(text: string, { unit, at }: Place) {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  let first = 0
  return (start: number, end: number): Place => {
    while (first > 0 && starts[first]! > start) first--
    while (starts[first + 1] !== undefined && starts[first + 1]! <= start) first++
    let last = first
    while (starts[last + 1] !== undefined && starts[last + 1]! < end) last++
    return { unit, at: at.slice(first, last + 1) }
  }
}
