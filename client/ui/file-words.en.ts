export const en = {
  attach: 'Attach a file',
  attached: 'Attached files',
  takeOff: 'Take {name} off',
  save: 'Save {name}',
  UNSUPPORTED_MEDIA_TYPE: 'This kind of file cannot be read.',
  UNPROCESSABLE_FILE: 'The file could not be read.',
}
