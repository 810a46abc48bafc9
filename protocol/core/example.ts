/** Ids of the examples in the documents. test/spec/examples.test.ts puts real ones in their place and plays each. */
export const exampleIds = {
  conversation_id: '0198c0de-0000-7000-8000-000000000001',
  message_id: '0198c0de-0000-7000-8000-000000000002',
  handoff_id: '0198c0de-0000-7000-8000-000000000003',
  doc_id: '0198c0de-0000-7000-8000-000000000004',
  upload_id: '0198c0de-0000-7000-8000-000000000005',
  reply_id: '0198c0de-0000-7000-8000-000000000006',
  team_id: '0198c0de-0000-7000-8000-000000000007',
  contact_id: '0198c0de-0000-7000-8000-000000000008',
  mail_id: '0198c0de-0000-7000-8000-000000000009',
  person_id: '0198c0de-0000-7000-8000-00000000000a',
  price_id: '0198c0de-0000-7000-8000-00000000000b',
  picture_id: '0198c0de-0000-7000-8000-00000000000c',
  provider_id: '0198c0de-0000-7000-8000-00000000000d',
  memory_id: '0198c0de-0000-7000-8000-00000000000e',
  article_id: '0198c0de-0000-7000-8000-000000000010',
  group_id: '0198c0de-0000-7000-8000-000000000011',
  budget_id: '0198c0de-0000-7000-8000-00000000000f',
  stream_id: '0198c0de-0000-7000-8000-000000000013',
  speech_id: '0198c0de-0000-7000-8000-000000000014',
  label_id: '0198c0de-0000-7000-8000-000000000015',
  macro_id: '0198c0de-0000-7000-8000-000000000016',
  case_id: '0198c0de-0000-7000-8000-000000000017',
  run_id: '0198c0de-0000-7000-8000-000000000018',
  audio_id: '0198c0de-0000-7000-8000-000000000012',
} as const

/** A file, in examples of operations that take one: over HTTP it is a part of a form. */
export const exampleFile = {
  name: 'returns.md',
  mime: 'text/markdown',
  text: '# Returns\n\nYou can send anything back within 30 days.',
} as const

/** What a recording begins with. */
export const exampleSound = { name: 'question.wav', mime: 'audio/wav', text: 'RIFF…WAVE' } as const

/** What a zip begins with; a server looks at all of it. */
export const exampleArchive = { name: 'manuals.zip', mime: 'application/zip', text: 'PK…' } as const

/** What a picture begins with: a server looks at that, whatever the name. */
export const examplePicture = { name: 'grace.gif', mime: 'image/gif', text: 'GIF89a…' } as const
