import type { Words } from './words.ts'

export const zh: Words = {
  open: '待处理',
  done: '已处理',
  state: '状态',
  contact: '联系方式',
  message: '留言',
  left: '时间',
  settle: '标记为已处理',
  reopen: '重新打开',
  noContacts: '没有留言',
  noContactsText: '无人在线时，访客可以留下联系方式。',
}
