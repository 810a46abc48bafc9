import type { FileWords } from './file-words.ts'

export const zh: FileWords = {
  attach: '添加附件',
  attached: '附件',
  takeOff: '移除 {name}',
  save: '保存 {name}',
  tooMany: '每条消息最多附 {count} 个文件，其余未添加。',
  UPLOAD_INTERRUPTED: '上传未完成，请重新选择。',
  UNSUPPORTED_MEDIA_TYPE: '不支持该文件类型。',
  UNPROCESSABLE_FILE: '无法读取该文件。',
}
