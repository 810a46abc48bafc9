import type { Words } from './words.ts'

export const zh: Words = {
  open: '待处理',
  done: '已处理',
  state: '状态',
  contact: '联系方式',
  message: '留言',
  left: '收到时间',
  settle: '标记为已处理',
  reopen: '重新打开',
  noContacts: '暂无留言',
  noContactsText: '客服不在线时，访客可以留下联系方式，留言会显示在这里。',
}
