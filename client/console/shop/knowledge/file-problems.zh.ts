import type { FileProblemWords } from './file-problems.ts'

export const zh: FileProblemWords = {
  empty: '文件是空的。',
  no_text: '文件中没有文字。',
  scanned: '没能从图片中识别出文字，请提供更清晰、端正的扫描件，或添加文字版。',
  not_text: '这不是文本文件，与文件名不符。',
  unknown_encoding: '无法识别文字编码，请另存为 UTF-8 后重新添加。',
  wrong_name: '文件内容与扩展名不符，请检查类型并重新命名。',
  old_format: '不支持 Office 97–2003 格式，请另存为 .docx、.xlsx 或 .pptx。',
  encrypted: '文件设有密码，请另存一份无密码的副本。',
  damaged: '文件已损坏或不完整，请打开后重新保存，再添加新文件。',
  bomb: '文件解压后过大，不像正常文档。',
  entities: '文件引用了外部内容，不允许添加。',
  archive: '这是压缩包。只支持 zip，且不支持嵌套。请解压后添加其中的文件。',
  too_many_files: '压缩包中的文件超过 {max} 个，请拆分后再添加。',
  too_many_pages: '文件超过 {max} 页，请拆分后添加。',
  too_many_scans: '文件中超过 {max} 页是图片，请拆分后添加。',
  too_many_pixels: '图片像素过多，请缩小后添加。',
  too_many_cells: '文件超过 {max} 个单元格，请拆分后添加。',
  too_much_text: '文字过多，无法作为一份文档，请拆分后添加。',
  too_slow: '读取时间过长，请拆分后添加。',
  too_much_memory: '文件过于复杂，请拆分后添加。',
}
