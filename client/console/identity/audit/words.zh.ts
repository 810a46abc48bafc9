import type { Words } from './words.ts'

export const zh: Words = {
  area: '范围',
  anyArea: '全部范围',
  action: '操作',
  from: '从',
  until: '到',
  download: '下载 CSV',
  when: '时间',
  who: '操作人',
  what: '操作',
  before: '之前',
  after: '之后',
  noEntries: '未找到记录',
  noEntriesText: '请更换筛选条件或时间范围。',
  details: '详情',
  address: 'IP 地址',
  subject: '对象',
  request: '请求',
  visitor: '访客',
  server: '本服务器',
  site: '您的网站',
}
