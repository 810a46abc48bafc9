// Apart from the definitions: the widget takes its share of these, and no schema library.

export const uploadMaxBytes = 5 * 1024 * 1024
/** Files that may be attached to one message. */
export const attachmentsMax = 5

/** What may be attached. Text is read; pictures are shown to people. */
export const uploadTypes = [
  'text/plain',
  'text/markdown',
  'text/html',
  'text/csv',
  'application/json',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
] as const
