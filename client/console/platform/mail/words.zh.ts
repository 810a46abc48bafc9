import type { Words } from './words.ts'

export const zh: Words = {
  state: '状态',
  when: '时间',
  subject: '主题',
  queued: '等待发送',
  sent: '已发送',
  failed: '失败',
  kept: '已保留',
  keptHint: '未配置邮件服务器（SMTP_URL），可在此阅读。',
  staffMail: '仅所有者可见',
  read: '阅读',
  noText: '邮件发送后正文不再保留。',
  noMail: '没有邮件',
  noMailText: '发出的验证码和邀请会显示在这里。',
}
