/** What models call a source inside a mark, the longer before what they begin with. */
export const sourceNamesEn = [
  'sources',
  'source',
  'references',
  'reference',
  'refs',
  'ref',
  'citation',
  'documents',
  'document',
  'docs',
  'doc',
  'passage',
]
