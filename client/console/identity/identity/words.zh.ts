import type { Words } from './words.ts'

export const zh: Words = {
  about: '已登录的顾客',
  aboutText:
    '您的网站可以告诉聊天组件当前顾客是谁，顾客无需再说明。对话会跟随顾客到每台设备，工作台也会显示其姓名。您的服务器用下方密钥签名，浏览器不会接触到密钥。',
  secret: '密钥',
  secretText: '请像密码一样保存在您的服务器上。每次查看都会记入审计日志。',
  show: '显示密钥',
  hide: '隐藏密钥',
  hidden: '密钥（已隐藏）',
  previousUntil: '旧密钥在 {until} 之前仍然有效。',
  rotate: '生成新密钥',
  rotateTitle: '生成新密钥？',
  rotateText: '旧密钥会继续有效一天，方便您更新服务器。之后，用旧密钥签名的顾客会被视为访客。',
  rotated: '新密钥已生成，请在一天内更新您的服务器。',
  server: '在您的服务器上',
  serverText: '为已登录的顾客签名。签名一小时内有效，请为每个页面重新生成。',
  page: '在您的页面上',
  pageText: '将服务器的签名结果交给聊天组件。没有签名的都是访客。',
}
