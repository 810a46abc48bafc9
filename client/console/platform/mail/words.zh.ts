import type { Words } from './words.ts'

export const zh: Words = {
  state: '状态',
  when: '时间',
  subject: '主题',
  delivery: '发送设置',
  deliveryBy: '邮件通过 {server} 发送，发件人为 {from}。由服务器上的 SMTP_URL 和 MAIL_FROM 设置。',
  deliveryKept:
    '尚未配置邮件服务器，邮件不会发出，可在下方查看。如需发送，请在服务器上设置 SMTP_URL 和 MAIL_FROM 后重启。',
  testTo: '您的邮箱',
  sendTest: '发送测试邮件',
  sendingTest: '正在发送…',
  queued: '排队中',
  sent: '已发送',
  failed: '发送失败',
  not_configured: '未配置',
  kept: '未发送',
  keptHint: '尚未配置邮件服务器，可在此查看邮件内容。',
  staffMail: '仅限所有者',
  read: '查看',
  noText: '邮件发出后，正文即被删除。',
  noMail: '还没有邮件',
  noMailText: '验证码、邀请和对话记录邮件会显示在这里。',
}
