export const en = {
  attach: 'Attach a file',
  attached: 'Attached files',
  takeOff: 'Take {name} off',
  save: 'Save {name}',
  tooMany: 'A message takes up to {count} files. The others were left out.',
  UPLOAD_INTERRUPTED: 'It did not arrive. Please choose it again.',
  UNSUPPORTED_MEDIA_TYPE: 'This kind of file cannot be read.',
  UNPROCESSABLE_FILE: 'The file could not be read.',
}
