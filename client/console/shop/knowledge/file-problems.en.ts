import type { FileProblemWords } from './file-problems.ts'

export const en: FileProblemWords = {
  empty: 'The file is empty.',
  no_text: 'There’s no text in this file.',
  scanned:
    'We couldn’t read any text in these pictures. Scan them larger and straighter, or add a text version.',
  not_text: 'This isn’t a text file, whatever its name says.',
  unknown_encoding: 'We can’t tell how the text is encoded. Save the file as UTF-8 and add it again.',
  wrong_name: 'The file isn’t what its name says. Check its type and rename it.',
  old_format: 'Files from Office 97–2003 can’t be read. Save it as .docx, .xlsx or .pptx.',
  encrypted: 'The file is protected by a password. Save a copy without one.',
  damaged: 'The file is damaged or incomplete. Open it, save it again and add the new copy.',
  bomb: 'The file unpacks to far more than a document should.',
  entities: 'The file refers to things outside itself, which isn’t allowed.',
  archive:
    'This is an archive. Only zip files are unpacked, and none inside another. Unpack it and add the files in it.',
  too_many_files: 'The archive has more than {max} files. Split it and add the parts.',
  too_many_pages: 'The file has more than {max} pages. Split it and add the parts.',
  too_many_scans: 'More than {max} pages of the file are pictures. Split it and add the parts.',
  too_many_pixels: 'The picture has too many pixels. Save it at a smaller size.',
  too_many_cells: 'The file has more than {max} cells. Split it and add the parts.',
  too_much_text: 'There’s too much text for one document. Split it and add the parts.',
  too_slow: 'Reading took too long. Split the file and add the parts.',
  too_much_memory: 'The file is too complex to read. Split it and add the parts.',
}
