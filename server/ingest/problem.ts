import { OperationError } from '#protocol'
import type { FileProblem } from '#protocol/shop/knowledge'

/** Why a file cannot be read, as the API says it; the console has its own words for each, in its reader's language. */
const sentences: Record<FileProblem, string> = {
  empty: 'The file is empty.',
  no_text: 'The file has no text.',
  scanned: 'The pages are pictures, and no text can be read in them.',
  not_text: 'The file is not text.',
  unknown_encoding: 'The encoding of the file cannot be told. Save it as UTF-8.',
  wrong_name: 'The file is of another kind than its name says.',
  old_format: 'Files of Office 97 to 2003 cannot be read. Save it as .docx, .xlsx or .pptx.',
  encrypted: 'The file is protected by a password. Save it without one.',
  damaged: 'The file is damaged or was cut off.',
  bomb: 'The file unpacks to far more than it may.',
  entities: 'The file refers to things outside it.',
  archive: 'The file is an archive. Only a zip is unpacked, and none within another.',
  too_many_files: 'The archive has too many files.',
  too_many_pages: 'The file has too many pages.',
  too_many_scans: 'The file has too many pages that are pictures.',
  too_many_pixels: 'The picture has too many pixels.',
  too_many_cells: 'The file has too many cells.',
  too_much_text: 'The file has too much text.',
  too_slow: 'Reading the file took too long.',
  too_much_memory: 'Reading the file took too much memory.',
}

/** @param max the limit that it is over */
export function fileProblem(reason: FileProblem, max?: number): OperationError {
  const sentence =
    max === undefined ? sentences[reason] : sentences[reason].replace(/\.$/, `: at most ${max}.`)
  return new OperationError('UNPROCESSABLE_FILE', sentence, { reason, ...(max !== undefined && { max }) })
}
