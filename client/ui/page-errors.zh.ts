import type { ErrorWords } from './page-errors.ts'

export const zh: ErrorWords = {
  PROVIDER_ERROR: '该模型服务暂时不可用。',
  NOT_CONFIGURED: '该功能尚未配置。',
  PROVIDER_INACTIVE: '该助手已停用。',
  INVALID_CREDENTIALS: '用户名或密码错误。',
  INVALID_CODE: '验证码不正确或已过期。',
  PROVIDER_NOT_ACCESSIBLE: '您无权使用该助手。',
  USER_ALREADY_EXISTS: '该用户名或邮箱已被使用。',
}
