import type { Words } from './words.ts'

export const zh: Words = {
  searchReplies: '搜索快捷回复',
  newReply: '新建回复',
  shortcut: '快捷词',
  shortcutHint: '可用字母、数字、_ 和 -。输入 / 和快捷词即可使用。',
  text: '内容',
  variables: '可用变量：{names}',
  language: '语言',
  anyLanguage: '不限语言',
  noReplies: '还没有快捷回复',
  noRepliesText: '保存常用的回答，写消息时输入 / 即可使用。',
}
