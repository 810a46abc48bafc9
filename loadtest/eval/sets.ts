import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** Documents, and questions with the ids of those that answer them. */
export interface EvalSet {
  language: string
  documents: { id: string | number; title: string; text: string }[]
  queries: { query: string; relevant: (string | number)[] }[]
}

/**
 * A set as JSON in its own form, or as text named by its language ("de.txt"): a line "# title" begins a document, a line
 * "? question" is one that it answers, the others are its text.
 */
export async function readSet(file: string): Promise<EvalSet> {
  const content = await readFile(file, 'utf8')
  if (file.endsWith('.json')) return JSON.parse(content)
  const set: EvalSet = { language: basename(file, '.txt'), documents: [], queries: [] }
  for (const part of content.split(/^# /mu).slice(1)) {
    const [title, ...lines] = part.trim().split('\n')
    const id = set.documents.length
    const isQuestion = (line: string) => line.startsWith('? ')
    set.documents.push({ id, title: title!, text: lines.filter(line => !isQuestion(line)).join('\n') })
    for (const line of lines.filter(isQuestion)) set.queries.push({ query: line.slice(2), relevant: [id] })
  }
  return set
}
