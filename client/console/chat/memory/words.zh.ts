import type { Words } from './words.ts'

export const zh: Words = {
  memory: '记忆',
  memoryText: '助手可以记住您谈到的、关于您自己的事，并在其他对话中使用。只有您能看到，管理员也看不到。',
  remember: '记住我谈到的关于自己的事',
  memories: '已记住的内容',
  content: '记忆',
  contentHint: '一条关于您自己的事，例如“我喝茶不加糖”。',
  source: '来源',
  chat: '对话，{at}',
  manual: '您添加的，{at}',
  used: '使用情况',
  usedTimes: '{count} 次，最近一次 {at}',
  never: '尚未使用',
  newMemory: '新建记忆',
  noMemories: '还没有记忆',
  noMemoriesText: '对助手说“记住……”，或在这里添加。',
  refused: '无法保存：密码、卡号和账号、健康等私密信息、他人的事以及指令都不会保存。',
  aboutTheSame: '已有一条关于同一件事的记忆，请修改或删除那一条。',
  isOff: '请先开启记忆。',
}
