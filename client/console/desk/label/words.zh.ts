import type { Words } from './words.ts'

export const zh: Words = {
  label: '标签',
  labelsText: '用来给对话分类。客服会优先看到这些标签，也可以自己添加其他词。',
  newLabel: '新建标签',
  noLabels: '还没有标签',
  noLabelsText: '为常见的咨询类型各建一个，例如“发票”“物流”“投诉”。',
  nameTaken: '已有同名标签。',
  name: '名称',
  renameHint: '已贴此标签的对话会一并改名。',
  color: '颜色',
  grey: '灰色',
  red: '红色',
  orange: '橙色',
  yellow: '黄色',
  green: '绿色',
  teal: '青色',
  blue: '蓝色',
  purple: '紫色',
}
