import type { Evidence } from '../server/answering/retrieval/evidence.ts'

/** A passage of a document, unless said otherwise. */
export function evidence(text: string, more: Partial<Evidence> = {}): Evidence {
  return {
    source: 'document',
    source_id: '0192f0c1-0000-7000-8000-000000000001',
    title: 'Terms',
    url: null,
    text,
    score: 0.8,
    updated_at: '2026-01-02T03:04:05.000Z',
    ...more,
  }
}
