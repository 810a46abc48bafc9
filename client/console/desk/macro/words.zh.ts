import type { Words } from './words.ts'

export const zh: Words = {
  macrosText: '一次完成回复、贴标签和流转。写消息时输入 / 即可使用。',
  newMacro: '新建宏',
  noMacros: '还没有宏',
  noMacrosText: '把每天重复多次的操作做成一个宏：回复、贴标签、结束，一步完成。',
  nameTaken: '已有同名的宏。',
  name: '名称',
  text: '回复',
  textHint: '留空则不发消息。会自动填入 {{visitor.name}}、{{agent.name}}、{{page.url}} 和 {{page.product}}。',
  labels: '标签',
  noLabels: '请先在“标签”中新建。',
  outcome: '之后',
  stays: '留在当前客服',
  complete: '结束对话',
  snooze: '搁置，直到访客再次发言',
  toAi: '交给 AI',
  toQueue: '放回队列',
  toTeam: '转给团队 {name}',
  toAgent: '转给 {name}',
  toGone: '转给已不存在的人',
  agent: '客服',
}
