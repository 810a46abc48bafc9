import type { Words } from './words.ts'

export const zh: Words = {
  searchReplies: '搜索快捷回复',
  newReply: '新建回复',
  shortcut: '快捷词',
  shortcutHint: '字母、数字、_ 和 -；输入 / 调用',
  text: '内容',
  variables: '可用变量：{names}',
  language: '语言',
  anyLanguage: '不限语言',
  en: '英文',
  zh: '中文',
  noReplies: '没有快捷回复',
  noRepliesText: '为常用的话新建一条。',
}
