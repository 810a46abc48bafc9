import type { Words } from './words.ts'

export const zh: Words = {
  server: '服务器',
  ok: '运行正常',
  degraded: '部分异常',
  uptime: '已运行 {time}',
  database: '数据库',
  embedded: '内置',
  postgres: 'PostgreSQL',
  answers: '回答',
  modelOk: '可用',
  modelDown: '不可用，由内置应答代替',
  databaseOk: '响应正常',
  databaseDown: '没有响应',
  manage: '管理',
  attachments: '对话附件',
  attachmentsOf: '可用空间 {max}（UPLOAD_TOTAL_MB）',
}
