import type { FileWords } from './file-words.ts'

export const zh: FileWords = {
  attach: '添加附件',
  attached: '附件',
  takeOff: '移除 {name}',
  save: '保存 {name}',
  UNSUPPORTED_MEDIA_TYPE: '不支持该文件类型。',
  UNPROCESSABLE_FILE: '无法读取该文件。',
}
