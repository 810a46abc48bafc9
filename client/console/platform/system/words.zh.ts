import type { Words } from './words.ts'

export const zh: Words = {
  server: '服务器',
  ok: '运行正常',
  degraded: '需要关注',
  uptime: '已运行 {time}',
  database: '数据库',
  embedded: '内置',
  postgres: 'PostgreSQL',
  answers: '回答',
  modelOk: '可用',
  modelDown: '无法连接，暂时直接引用商品和文档内容作答。',
  databaseOk: '已连接',
  databaseDown: '未连接',
  manage: '管理',
  attachments: '对话附件',
  attachmentsOf: '共 {max}（UPLOAD_TOTAL_MB）',
}
